package dev.linnet.rollout.plan;

import java.time.Duration;
import java.util.Map;

/**
 * A number that a version must show. A metric of the Canary that is answered in two ways (a built-in name <em>and</em> a template) is two
 * of these, as in Flagger.
 *
 * @param name      the metric's name
 * @param source    where the number comes from
 * @param range     what it must be; of {@code threshold}, which is the minimum of a success rate and else a maximum, if there is no
 *                  {@code thresholdRange}
 * @param lookback  how far back it looks
 */
public record MetricCheck(String name, Source source, Range range, Lookback lookback) {

    /** How far back it looks. */
    public Duration interval() {
        return lookback.time();
    }

    /**
     * How far back a metric looks.
     *
     * @param text as its author wrote it, which is what queries contain; empty if he said nothing and the source is a template
     * @param time what that comes to; zero if he said nothing and the source is a template
     */
    public record Lookback(String text, Duration time) {}

    /** Where a number comes from. */
    public sealed interface Source {
        /** {@code request-success-rate}: percent of requests that did not fail with 5xx. */
        record SuccessRate() implements Source {}

        /** {@code request-duration}: milliseconds. */
        record RequestDuration() implements Source {}

        /** The deprecated {@code query}. */
        record Inline(String query) implements Source {}

        /** A MetricTemplate. */
        record Template(String name, String namespace, Map<String, String> variables) implements Source {
            public Template {
                variables = Map.copyOf(variables);
            }
        }

        /** Neither built in, nor a query, nor a template: this check always fails. */
        record Nothing() implements Source {}
    }
}
