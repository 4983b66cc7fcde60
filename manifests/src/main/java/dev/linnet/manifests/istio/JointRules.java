package dev.linnet.manifests.istio;

import dev.linnet.manifests.VersionPairs;
import dev.linnet.manifests.istio.VirtualService.Destination;
import dev.linnet.manifests.istio.VirtualService.HttpRule;
import dev.linnet.manifests.istio.VirtualService.Jointly;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.ObjectRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of a VirtualService, and which versions in them are released together with others ({@link JointRelease}). */
final class JointRules {
    private final Author author;
    private final List<Read> all = new ArrayList<>();

    /** @param of the object that the rule is from: the VirtualService, or one that it delegates to */
    private record Read(IstioObject of, HttpRule rule) {}

    /** @param author who hears of what is no name */
    JointRules(Author author) {
        this.author = author;
    }

    void add(IstioObject of, HttpRule rule) {
        all.add(new Read(of, rule));
    }

    /** In their order. */
    List<HttpRule> all() {
        Map<ObjectRef, Optional<Versions>> known = new HashMap<>();
        return all.stream()
                .map(read -> known.computeIfAbsent(read.of.ref(), _ -> versions(read.of))
                        .flatMap(versions -> versions.of(read.rule))
                        .map(read.rule::with)
                        .orElse(read.rule))
                .toList();
    }

    private Optional<Versions> versions(IstioObject object) {
        return JointRelease.of(object.ref(), object.release(), author::problem).map(release -> {
            List<List<Destination>> rules = all.stream()
                    .filter(read -> read.of.ref().equals(object.ref()))
                    .map(read -> read.rule.destinations())
                    .toList();
            return new Versions(release, rules);
        });
    }

    /** The versions in the rules of one object. */
    private static final class Versions {
        private final JointRelease release;
        private final VersionPairs<Destination> pairs;
        private final Map<Destination, Destination> asWritten = new HashMap<>();

        Versions(JointRelease release, List<List<Destination>> rules) {
            this.release = release;
            this.pairs = VersionPairs.of(
                    rules.stream().map(Versions::bare).toList(),
                    destination -> destination.subset().isEmpty()
                            ? Optional.empty()
                            : Optional.of(List.of(destination.host(), destination.port())));
            rules.forEach(rule -> rule.forEach(destination -> asWritten.putIfAbsent(destination.bare(), destination)));
        }

        private static List<Destination> bare(List<Destination> destinations) {
            return destinations.stream().map(Destination::bare).toList();
        }

        private Optional<Jointly> of(HttpRule rule) {
            return pairs.of(bare(rule.destinations()))
                    .map(pair -> new Jointly(release, written(pair.primary()), written(pair.canary())));
        }

        private Destination written(Destination bare) {
            return asWritten.getOrDefault(bare, bare);
        }
    }
}
