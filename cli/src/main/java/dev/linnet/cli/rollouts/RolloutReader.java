package dev.linnet.cli.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.linnet.cli.UserError;
import dev.linnet.controller.api.Canary;
import dev.linnet.controller.api.Run;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.manifests.flagger.UnreadableCanary;
import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.plan.Steps;
import dev.linnet.rollout.plan.Strategy;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads Canaries, their Runs and what they release. */
final class RolloutReader {
    private final KubernetesClient client;

    RolloutReader(KubernetesClient client) {
        this.client = client;
    }

    /** All of a namespace, or of all; without their Pods. */
    List<RolloutView> all(Optional<String> namespace) {
        List<Canary> canaries = namespace
                .map(ns -> client.resources(Canary.class).inNamespace(ns).list())
                .orElseGet(() -> client.resources(Canary.class).inAnyNamespace().list())
                .getItems();
        List<Run> runs = namespace
                .map(ns -> client.resources(Run.class).inNamespace(ns).list())
                .orElseGet(() -> client.resources(Run.class).inAnyNamespace().list())
                .getItems();
        Map<String, List<Run>> byCanary = runs.stream()
                .collect(Collectors.groupingBy(run -> run.getMetadata().getNamespace() + "/"
                        + json(run.getSpec()).path("canary").asText()));
        return canaries.stream()
                .sorted(Comparator.comparing(
                                (Canary canary) -> canary.getMetadata().getNamespace())
                        .thenComparing(canary -> canary.getMetadata().getName()))
                .map(canary -> view(
                        canary,
                        byCanary.getOrDefault(
                                canary.getMetadata().getNamespace() + "/"
                                        + canary.getMetadata().getName(),
                                List.of()),
                        List.of()))
                .toList();
    }

    /** One with all that belongs to it. */
    RolloutView one(String namespace, String name) {
        return whole(canary(namespace, name));
    }

    /** All that belongs to this one, which may be older than what there is by now. */
    RolloutView whole(Canary canary) {
        ObjectMeta meta = canary.getMetadata();
        return view(canary, runs(meta.getNamespace(), meta.getName()), new SideReader(client, canary).read());
    }

    /** One without its Pods. */
    RolloutView brief(String namespace, String name) {
        return view(canary(namespace, name), runs(namespace, name), List.of());
    }

    /** @throws UserError if there is none, with those that there are */
    Canary canary(String namespace, String name) {
        Canary canary = client.resources(Canary.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (canary != null) {
            return canary;
        }
        String others = client.resources(Canary.class).inNamespace(namespace).list().getItems().stream()
                .map(other -> other.getMetadata().getName())
                .collect(Collectors.joining(", "));
        throw new UserError("there is no Canary " + name + " in namespace " + namespace
                + (others.isEmpty()
                        ? " (expected: -n NAMESPACE; `linnet rollouts list -A` shows all)"
                        : " (expected: " + others + ")"));
    }

    List<Run> runs(String namespace, String canary) {
        return client.resources(Run.class)
                .inNamespace(namespace)
                .withLabel(Run.CANARY, canary)
                .list()
                .getItems();
    }

    private static RolloutView view(Canary canary, List<Run> runs, List<RolloutView.Side> sides) {
        JsonNode status = json(canary.getStatus());
        List<RolloutView.RunView> views = runs.stream()
                .map(RunReader::read)
                .sorted(Comparator.comparingInt(RolloutView.RunView::number).reversed())
                .toList();
        return new RolloutView(
                canary.getMetadata().getNamespace(),
                canary.getMetadata().getName(),
                status.path("phase").asText(""),
                strategy(canary),
                new RolloutView.Progress(
                        status.path("canaryWeight").asInt(),
                        status.path("iterations").asInt(),
                        status.path("failedChecks").asInt(),
                        json(canary.getSpec()).at("/analysis/threshold").asInt()),
                waitingFor(runs),
                sides,
                views);
    }

    private static String waitingFor(List<Run> runs) {
        return runs.stream()
                .max(Comparator.comparingInt(
                        run -> json(run.getSpec()).path("number").asInt()))
                .map(run -> json(run.getStatus()).path("waitingFor").asText(""))
                .orElse("");
    }

    private static String strategy(Canary canary) {
        try {
            return words(CanaryReader.read(canary.getMetadata(), json(canary.getSpec()), "nginx")
                    .release()
                    .analysis());
        } catch (UnreadableCanary e) {
            return "none: " + e.text();
        }
    }

    private static String words(Analysis analysis) {
        String pace = " every " + words(analysis.checks().interval());
        return switch (analysis.strategy()) {
            case Strategy.Weighted weighted -> words(weighted.steps()) + pace;
            case Strategy.AbTest(int iterations) -> "A/B test, " + iterations + " checks, one" + pace;
            case Strategy.BlueGreen blueGreen -> "Blue/Green, " + blueGreen.iterations() + " checks, one" + pace;
        };
    }

    private static String words(Steps steps) {
        return steps.weights().isEmpty()
                ? steps.stepWeight() + " % more of the traffic, up to " + steps.maxWeight() + " %, a step"
                : steps.weights().stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + " % of the traffic, a step";
    }

    private static String words(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** What the API server left out is missing, not null. */
    static JsonNode json(@Nullable JsonNode part) {
        return Objects.requireNonNullElse(part, MissingNode.getInstance());
    }
}
