package dev.linnet.controller.mesh;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is around the Services of a namespace.
 *
 * @param meta     of the namespace
 * @param policies of the namespace
 * @param rules    DestinationRules of the namespace; empty as long as nobody knows them
 */
record Surroundings(
        Optional<ObjectMeta> meta, List<NetworkPolicy> policies, Optional<List<GenericKubernetesResource>> rules) {
    Surroundings {
        policies = List.copyOf(policies);
        rules = rules.map(List::copyOf);
    }

    Map<String, String> labels() {
        return meta.flatMap(found -> Optional.ofNullable(found.getLabels())).orElseGet(Map::of);
    }
}
