package dev.linnet.controller.mesh;

import dev.linnet.manifests.mesh.Original;
import dev.linnet.manifests.mesh.Refusal;
import dev.linnet.manifests.mesh.Takeover;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What around a Service keeps its traffic from passing through gateways. Its Pods are looked at now and then only, and before it is led there. */
final class Obstacles {
    private static final Duration GOOD_FOR = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<String, Judged> judged = new HashMap<>();

    private record Judged(
            Original wanted,
            Map<String, String> labels,
            List<NetworkPolicy> policies,
            Instant until,
            Optional<String> refusal) {}

    Obstacles(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** As of at most half a minute ago. */
    Optional<String> refusal(Service service, Surroundings around) {
        Optional<Judged> known = Optional.ofNullable(
                        judged.get(service.getMetadata().getUid()))
                .filter(before -> before.wanted.equals(Takeover.wanted(service))
                        && before.labels.equals(around.labels())
                        && before.policies.equals(around.policies())
                        && clock.instant().isBefore(before.until));
        return known.isPresent() ? known.get().refusal : refusalNow(service, around);
    }

    Optional<String> refusalNow(Service service, Surroundings around) {
        Original wanted = Takeover.wanted(service);
        List<Pod> pods = client.pods()
                .inNamespace(service.getMetadata().getNamespace())
                .withLabels(wanted.selector())
                .list()
                .getItems();
        Optional<String> refusal = Refusal.of(service, pods, around.policies(), around.labels());
        judged.put(
                service.getMetadata().getUid(),
                new Judged(
                        wanted,
                        around.labels(),
                        around.policies(),
                        clock.instant().plus(GOOD_FOR),
                        refusal));
        return refusal;
    }

    /** Of all others nothing need be known. */
    void keep(Set<String> uids) {
        judged.keySet().retainAll(uids);
    }
}
