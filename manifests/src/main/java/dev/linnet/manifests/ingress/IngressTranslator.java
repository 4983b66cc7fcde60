package dev.linnet.manifests.ingress;

import dev.linnet.manifests.Translation;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All Ingresses of a cluster, or of some files, at once. Who follows changes reads and merges by himself. */
public final class IngressTranslator {
    private IngressTranslator() {}

    /** With nothing beside them. */
    public static Translation translate(
            Collection<Ingress> ingresses, Collection<IngressClass> classes, ClassSettings settings) {
        return translate(ingresses, classes, settings, Surroundings.NONE);
    }

    /** The rules of all hosts, hosts in alphabetical order. */
    public static Translation translate(
            Collection<Ingress> ingresses,
            Collection<IngressClass> classes,
            ClassSettings settings,
            Surroundings surroundings) {
        Map<String, String> controllers = controllers(classes);
        List<IngressReading> readings = ingresses.stream()
                .filter(ingress -> settings.decide(ingress, controllers).ours())
                .map(ingress -> IngressReader.read(ingress, surroundings.options(), surroundings.configMaps()))
                .sorted(IngressReading.OLDEST_FIRST)
                .toList();
        Hosts hosts = new Hosts();
        Set<Problem> problems = new LinkedHashSet<>();
        for (IngressReading reading : readings) {
            problems.addAll(reading.problems());
            hosts.put(reading);
        }
        List<Rule> rules = new ArrayList<>();
        List<HostTls> tls = new ArrayList<>();
        for (String host : hosts.takeDirty()) {
            Translation translation = hosts.translate(host);
            rules.addAll(translation.rules());
            tls.addAll(translation.tls());
            problems.addAll(translation.problems());
        }
        return new Translation(rules, tls, List.copyOf(problems));
    }

    /** Controller by name of class, as {@link ClassSettings#decide} wants it. */
    public static Map<String, String> controllers(Collection<IngressClass> classes) {
        Map<String, String> controllers = new HashMap<>();
        classes.forEach(found -> controller(found)
                .ifPresent(name -> controllers.put(found.getMetadata().getName(), name)));
        return controllers;
    }

    public static Optional<String> controller(IngressClass found) {
        return Optional.ofNullable(found.getSpec()).flatMap(spec -> Optional.ofNullable(spec.getController()));
    }
}
