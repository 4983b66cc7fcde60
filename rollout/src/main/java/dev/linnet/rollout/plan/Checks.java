package dev.linnet.rollout.plan;

import java.time.Duration;
import java.util.List;

/**
 * What a version must pass again and again.
 *
 * @param interval  how long a step lasts, and the clock of failed checks: at most one in each
 * @param threshold how many failed checks end the release; at least 1
 * @param metrics   in the order in which their verdicts are told: built-in ones and queries first, then templates
 * @param trouble   what metrics without a value do
 */
public record Checks(Duration interval, int threshold, List<MetricCheck> metrics, TroublePolicy trouble) {
    public Checks {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval is " + interval + " (expected: more than zero)");
        }
        threshold = Math.max(threshold, 1);
        metrics = List.copyOf(metrics);
    }
}
