package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.VersionPairs;
import dev.linnet.manifests.gatewayapi.HttpRoute.Jointly;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.ServiceRef;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The backends of a route, and which of them are versions that are released together with others ({@link JointRelease}). */
final class JointBackends {
    private final Optional<JointRelease> release;
    private final List<Backend> all;
    private final VersionPairs<ServiceRef> pairs;

    /** @param rules backends of each rule */
    JointBackends(GatewayApiObject route, List<List<Backend>> rules) {
        this.release = JointRelease.of(route.ref(), route.release(), _ -> {});
        this.all = rules.stream().flatMap(List::stream).toList();
        this.pairs = VersionPairs.of(rules.stream().map(JointBackends::services).toList(), _ -> Optional.empty());
    }

    /** The two versions that a rule with these backends is about. */
    Optional<Jointly> of(List<Backend> rule) {
        return release.flatMap(of -> pairs.of(services(rule))
                .map(pair -> new Jointly(of, written(pair.primary(), rule), written(pair.canary(), rule))));
    }

    /** Whatever their weight. */
    private static List<ServiceRef> services(List<Backend> backends) {
        return backends.stream().flatMap(backend -> backend.service().stream()).toList();
    }

    /** As its rule has it, or the first one that does. */
    private Backend written(ServiceRef version, List<Backend> rule) {
        return Stream.concat(rule.stream(), all.stream())
                .filter(backend -> backend.service().equals(Optional.of(version)))
                .findFirst()
                .orElseThrow();
    }
}
