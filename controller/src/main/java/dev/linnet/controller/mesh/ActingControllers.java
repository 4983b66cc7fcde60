package dev.linnet.controller.mesh;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Controllers that lead Services to gateways at this moment: known by the Lease of who leads, and by their Pods. */
public final class ActingControllers {
    /** The Lease of who leads. */
    public static final String LEASE = "linnet-controller";

    private static final String LABEL = "app.kubernetes.io/name";
    private static final String NAME = "linnet-controller";
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    private final KubernetesClient client;
    private final String namespace;
    private final InstantSource clock;

    /** @param namespace where their Lease and their Pods are */
    public ActingControllers(KubernetesClient client, String namespace, InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.clock = clock;
    }

    /** One of them, in words. */
    Optional<String> find() {
        return leader().or(this::pod)
                .map(who -> who + " (expected: no controller at work; kubectl -n " + namespace
                        + " scale deployment linnet-controller --replicas=0)");
    }

    private Optional<String> leader() {
        return Optional.ofNullable(
                        client.leases().inNamespace(namespace).withName(LEASE).get())
                .flatMap(lease -> Optional.ofNullable(lease.getSpec()))
                .filter(this::isHeld)
                .map(lease -> lease.getHolderIdentity() + " holds Lease " + namespace + "/" + LEASE);
    }

    private boolean isHeld(LeaseSpec lease) {
        return lease.getHolderIdentity() != null
                && !lease.getHolderIdentity().isBlank()
                && lease.getRenewTime() != null
                && lease.getLeaseDurationSeconds() != null
                && clock.instant()
                        .isBefore(lease.getRenewTime().toInstant().plusSeconds(lease.getLeaseDurationSeconds()));
    }

    private Optional<String> pod() {
        return client.pods().inNamespace(namespace).withLabel(LABEL, NAME).list().getItems().stream()
                .filter(pod -> !isOver(pod))
                .findFirst()
                .map(pod -> "Pod " + namespace + "/" + pod.getMetadata().getName() + " runs the controller");
    }

    private static boolean isOver(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getPhase() != null
                && OVER.contains(pod.getStatus().getPhase());
    }
}
