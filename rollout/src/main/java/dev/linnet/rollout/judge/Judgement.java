package dev.linnet.rollout.judge;

import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * What the metrics of one check say together. One that fails is enough to fail it, and one that holds to hold it.
 *
 * @param verdicts one for each metric, in the plan's order
 */
public record Judgement(List<Verdict> verdicts) {
    public Judgement {
        verdicts = List.copyOf(verdicts);
    }

    /** @param values one for each metric of the plan, in its order */
    public static Judgement of(Release release, List<MetricValue> values) {
        List<MetricCheck> checks = release.analysis().checks().metrics();
        if (values.size() != checks.size()) {
            throw new IllegalArgumentException(values.size() + " values (expected: " + checks.size() + ")");
        }
        Judge judge = new Judge(release);
        List<Verdict> verdicts = new ArrayList<>();
        for (int index = 0; index < values.size(); index++) {
            verdicts.add(judge.judge(checks.get(index), values.get(index)));
        }
        return new Judgement(verdicts);
    }

    public Verdict.Outcome outcome() {
        return verdicts.stream()
                .map(Verdict::outcome)
                .max(Verdict.Outcome::compareTo)
                .orElse(Verdict.Outcome.PASS);
    }

    /** Of each metric that does not pass, in the plan's order. */
    public List<String> events() {
        return verdicts.stream()
                .filter(verdict -> verdict.outcome() != Verdict.Outcome.PASS)
                .map(Verdict::event)
                .toList();
    }

    /** Why it does not pass: the first event. */
    public String reason() {
        return events().getFirst();
    }

    /** Of each metric that has no value, also where that passes. */
    public List<String> alerts() {
        return verdicts.stream()
                .map(Verdict::alert)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
