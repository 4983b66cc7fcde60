package dev.linnet.controller.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.rollout.judge.Judgement;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.judge.Verdict;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.Range;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Counters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What the last check of a Run has measured: {@code status.metrics} of a Run.
 *
 * @param at when
 */
public record RunMetrics(Instant at, List<Measured> metrics) {
    public RunMetrics {
        metrics = List.copyOf(metrics);
    }

    /** One metric: what it showed, what it should, and what was made of it. */
    public record Measured(String name, MetricValue value, Range range, Verdict verdict) {}

    public static RunMetrics of(Release release, List<MetricValue> values, Instant at) {
        List<MetricCheck> checks = release.analysis().checks().metrics();
        List<Verdict> verdicts = Judgement.of(release, values).verdicts();
        List<Measured> metrics = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            MetricCheck check = checks.get(i);
            metrics.add(new Measured(check.name(), values.get(i), check.range(), verdicts.get(i)));
        }
        return new RunMetrics(at, metrics);
    }

    /** As the story of the Run keeps it, with how far the canary was. */
    public RunStory.Check check(Counters counters) {
        return new RunStory.Check(
                at,
                counters.weight(),
                counters.iterations(),
                metrics.stream()
                        .map(metric -> new RunStory.Value(metric.name, shown(metric.value), word(metric.verdict)))
                        .toList());
    }

    private static OptionalDouble shown(MetricValue value) {
        return value instanceof MetricValue.Value(double number) ? finite(number) : OptionalDouble.empty();
    }

    /** JSON has no infinity. */
    private static OptionalDouble finite(double number) {
        return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
    }

    private static String word(Verdict verdict) {
        return verdict.outcome().name().toLowerCase(Locale.ROOT);
    }

    /** Writes it into the status of a Run. */
    public void write(ObjectNode status) {
        ArrayNode list = status.putArray("metrics");
        metrics.forEach(metric -> write(metric, list.addObject()));
    }

    private void write(Measured metric, ObjectNode node) {
        node.put("name", metric.name);
        node.put("at", at.toString());
        shown(metric.value).ifPresent(value -> node.put("value", value));
        finite(metric.range.min()).ifPresent(min -> node.put("min", min));
        finite(metric.range.max()).ifPresent(max -> node.put("max", max));
        node.put("verdict", word(metric.verdict));
        String why = metric.verdict.event().isEmpty() ? metric.verdict.alert() : metric.verdict.event();
        if (!why.isEmpty()) {
            node.put("why", why);
        }
    }
}
