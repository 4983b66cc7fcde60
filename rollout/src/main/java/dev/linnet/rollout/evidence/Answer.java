package dev.linnet.rollout.evidence;

import dev.linnet.rollout.judge.MetricValue;
import java.util.List;

/** What a {@link Question} was answered. */
public sealed interface Answer {

    /** Whether a version can serve. */
    sealed interface Readiness extends Answer {
        record Ready() implements Readiness {}

        /**
         * @param text      the event's text, which names the workload: {@code podinfo-primary.test not ready: waiting for rollout to finish:
         *                  0 of 1 (readyThreshold 100%) updated replicas are available}
         * @param retriable whether it may still become ready; false once its deadline is exceeded
         * @param serving   whether at least one of its Pods is available
         */
        record NotReady(String text, boolean retriable, boolean serving) implements Readiness {}
    }

    /** What the route objects say. */
    sealed interface Routes extends Answer {
        /**
         * @param canary   the canary's share in percent
         * @param mirrored whether requests are copied to it
         */
        record Shares(int canary, boolean mirrored) implements Routes {}

        /** They cannot be read, or nobody obeys them: {@code text} is the event's. */
        record Unusable(String text) implements Routes {}
    }

    /** @param missing the data planes that have not followed, in words; empty if all have */
    record Settlement(String missing) implements Answer {
        public static final Settlement DONE = new Settlement("");

        public boolean isDone() {
            return missing.isEmpty();
        }
    }

    /** @param values one for each metric that was asked for, in order */
    record MetricValues(List<MetricValue> values) implements Answer {
        public MetricValues {
            values = List.copyOf(values);
        }
    }

    /** @param results of those that were called, in order; the last decides */
    record HookResults(List<HookResult> results) implements Answer {
        public HookResults {
            results = List.copyOf(results);
        }
    }

    /**
     * What one webhook said.
     *
     * @param name   its name
     * @param agreed whether its answer was a success
     * @param text   why not, as the event shows it
     */
    record HookResult(String name, boolean agreed, String text) {}

    /** @param error what could not be reached; empty if all could */
    record StoreProbe(String error) implements Answer {
        public static final StoreProbe DONE = new StoreProbe("");
    }
}
