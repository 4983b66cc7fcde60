package dev.linnet.cli.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.console.release.PodState;
import dev.linnet.controller.api.Canary;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what serves the two versions of a Canary, with their Pods. */
final class SideReader {
    private final KubernetesClient client;
    private final Canary canary;

    SideReader(KubernetesClient client, Canary canary) {
        this.client = client;
        this.canary = canary;
    }

    List<RolloutView.Side> read() {
        String target =
                RolloutReader.json(canary.getSpec()).at("/targetRef/name").asText();
        return Stream.of(side("primary", target + "-primary"), side("canary", target))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Empty where there is no such workload: of a target that is a Service, the Pods are somebody else's. */
    private Optional<RolloutView.Side> side(String role, String name) {
        String namespace = canary.getMetadata().getNamespace();
        JsonNode target = RolloutReader.json(canary.getSpec()).path("targetRef");
        return target.path("kind").asText().equals("DaemonSet")
                ? Optional.ofNullable(client.apps()
                                .daemonSets()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .map(daemonSet -> side(role, daemonSet))
                : Optional.ofNullable(client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .map(deployment -> side(role, deployment));
    }

    private RolloutView.Side side(String role, DaemonSet daemonSet) {
        DaemonSetStatus status = Objects.requireNonNullElseGet(daemonSet.getStatus(), DaemonSetStatus::new);
        return new RolloutView.Side(
                role,
                "DaemonSet " + daemonSet.getMetadata().getName(),
                images(daemonSet.getSpec().getTemplate()),
                traffic(role.equals("canary")),
                Objects.requireNonNullElse(status.getNumberReady(), 0),
                Objects.requireNonNullElse(status.getDesiredNumberScheduled(), 0),
                pods(daemonSet.getSpec().getSelector()));
    }

    private RolloutView.Side side(String role, Deployment deployment) {
        return new RolloutView.Side(
                role,
                "Deployment " + deployment.getMetadata().getName(),
                images(deployment.getSpec().getTemplate()),
                traffic(role.equals("canary")),
                deployment.getStatus() == null
                        ? 0
                        : Objects.requireNonNullElse(deployment.getStatus().getReadyReplicas(), 0),
                Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1),
                pods(deployment.getSpec().getSelector()));
    }

    private static List<String> images(PodTemplateSpec template) {
        return template.getSpec().getContainers().stream()
                .map(Container::getImage)
                .toList();
    }

    private String traffic(boolean ofCanary) {
        JsonNode status = RolloutReader.json(canary.getStatus());
        int weight = status.path("canaryWeight").asInt();
        boolean audience =
                RolloutReader.json(canary.getSpec()).at("/analysis/match").size() > 0
                        && status.path("iterations").asInt() > 0
                        && status.path("phase").asText().equals("Progressing");
        if (audience) {
            return ofCanary ? "the audience" : "all others";
        }
        return (ofCanary ? weight : 100 - weight) + " %";
    }

    private List<RolloutView.Pod> pods(LabelSelector selector) {
        return client
                .pods()
                .inNamespace(canary.getMetadata().getNamespace())
                .withLabelSelector(selector)
                .list()
                .getItems()
                .stream()
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .map(PodState::of)
                .map(pod -> new RolloutView.Pod(pod.name(), pod.word(), pod.ready(), pod.restarts()))
                .toList();
    }
}
