package dev.linnet.controller.mesh;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives all Services back, whatever they or their namespaces want, and takes the gateways inside the cluster away: the last thing to be done
 * before Linnet is uninstalled. Step by step as {@link Mesh} does it, so that no request is lost, and for the same reason only where no
 * controller is at work that would lead them there again.
 */
public final class GiveBack {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final KubernetesClient client;
    private final ActingControllers controllers;
    private final InstantSource clock;
    private final MeshCallers callers;
    private final Map<String, MeshNamespace> namespaces = new HashMap<>();

    /** @param controllers that must not be at work */
    public GiveBack(KubernetesClient client, ActingControllers controllers, InstantSource clock) {
        this.client = client;
        this.controllers = controllers;
        this.clock = clock;
        this.callers = new MeshCallers(client);
    }

    /**
     * Returns when all is done, or when there is no going on.
     *
     * @param patience for a controller that is just being stopped
     * @param deadline for all the rest
     * @return what is in the way, in words; empty if all Services are as they were
     */
    public Optional<String> run(Duration patience, Duration deadline) throws InterruptedException {
        Optional<String> other = awaitNobody(patience);
        Instant end = clock.instant().plus(deadline);
        while (other.isEmpty()) {
            List<String> left = look();
            if (left.isEmpty()) {
                callers.admit(Set.of());
                return Optional.empty();
            }
            if (!clock.instant().isBefore(end)) {
                return Optional.of("within " + deadline.toSeconds() + " s these could not be given back: "
                        + String.join(", ", left));
            }
            Thread.sleep(PAUSE);
            other = controllers.find();
        }
        return other;
    }

    private Optional<String> awaitNobody(Duration patience) throws InterruptedException {
        Instant end = clock.instant().plus(patience);
        Optional<String> other = controllers.find();
        while (other.isPresent() && clock.instant().isBefore(end)) {
            Thread.sleep(PAUSE);
            other = controllers.find();
        }
        return other;
    }

    /** Takes the next step for each, and tells what was not done before. */
    private List<String> look() {
        Set<String> going = client.namespaces().list().getItems().stream()
                .map(Namespace::getMetadata)
                .filter(meta -> meta.getDeletionTimestamp() != null)
                .map(meta -> meta.getName())
                .collect(Collectors.toSet());
        Map<String, List<Service>> byNamespace = client.services().inAnyNamespace().list().getItems().stream()
                .collect(Collectors.groupingBy(service -> service.getMetadata().getNamespace()));
        List<String> left = new ArrayList<>();
        byNamespace.forEach((namespace, services) -> {
            if (!going.contains(namespace)) {
                left.addAll(look(namespace, services));
            }
        });
        return left;
    }

    private List<String> look(String namespace, List<Service> services) {
        MeshNamespace mesh = namespaces.computeIfAbsent(
                namespace,
                name -> new MeshNamespace(client, name, MeshSettings.DEFAULT, new Complaints(client, clock), clock));
        try {
            return mesh.giveBack(services).stream()
                    .map(name -> namespace + "/" + name)
                    .toList();
        } catch (KubernetesClientException e) {
            return List.of("namespace " + namespace + " (" + e.getMessage() + ")");
        }
    }
}
