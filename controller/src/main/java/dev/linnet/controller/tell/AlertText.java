package dev.linnet.controller.tell;

import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Steps;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.step.Message;
import dev.linnet.rollout.step.Message.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an alert says, whatever it is written in (spec of Flagger, §6.1).
 *
 * @param id        the same however often it is told
 * @param canary    {@code podinfo.test}
 * @param namespace of the Canary
 * @param name      of the Canary
 */
record AlertText(
        String id, String canary, String namespace, String name, Severity severity, String text, List<Field> fields) {
    AlertText {
        fields = List.copyOf(fields);
    }

    /** A fact of the release. */
    record Field(String name, String value) {}

    /** @param cluster shown with each alert */
    static AlertText of(Message.Alert alert, About about, Optional<String> cluster) {
        Release release = about.plan().release();
        List<Field> fields = new ArrayList<>();
        cluster.ifPresent(name -> fields.add(new Field("Cluster", name)));
        if (alert.described()) {
            fields.addAll(facts(release));
        }
        return new AlertText(
                about.canary().getMetadata().getUid() + "/" + alert.id(),
                release.names().canaryInNamespace(),
                release.names().namespace(),
                release.names().canary(),
                alert.severity(),
                alert.text(),
                fields);
    }

    private static List<Field> facts(Release release) {
        return List.of(
                new Field("Target", release.kind() + "/" + release.names().targetInNamespace()),
                new Field(
                        "Failed checks threshold",
                        Integer.toString(release.analysis().checks().threshold())),
                new Field(
                        "Progress deadline",
                        release.options().progressDeadline().toSeconds() + "s"),
                new Field("Traffic routing", routing(release.analysis().strategy())));
    }

    private static String routing(Strategy strategy) {
        return switch (strategy) {
            case Strategy.AbTest _ -> "A/B Testing";
            case Strategy.BlueGreen _ -> "Blue/Green";
            case Strategy.Weighted weighted -> steps(weighted.steps());
        };
    }

    private static String steps(Steps steps) {
        if (steps.weights().isEmpty()) {
            return "Weight step: " + steps.stepWeight() + " max: " + steps.maxWeight();
        }
        return "Weight steps: "
                + steps.weights().stream().map(String::valueOf).collect(Collectors.joining(",")) + " max: "
                + steps.maxWeight();
    }

    boolean isError() {
        return severity == Severity.ERROR;
    }
}
