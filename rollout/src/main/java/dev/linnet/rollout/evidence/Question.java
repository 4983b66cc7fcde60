package dev.linnet.rollout.evidence;

import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.run.Phase;
import java.util.List;

/**
 * What must be known before the next decision. Asked aside, with a deadline; the answer is evidence of the next decision. Two questions
 * that are equal are the same question.
 *
 * @param <A> what answers it
 */
public sealed interface Question<A extends Answer> {

    /** Is this version ready to serve? As of a moment after the last act: what a cache knew before a copy was written is no answer. */
    record Ready(Side side) implements Question<Answer.Readiness> {}

    /** What do the route objects say at this moment? Read live, not from a cache. */
    record LiveRoutes() implements Question<Answer.Routes> {}

    /**
     * Do all data planes serve by the routes that were last written? Answered after at most ten seconds, with no if need be.
     */
    record Settled() implements Question<Answer.Settlement> {}

    /** What do the metrics of the plan show? Asked side by side. */
    record Metrics(List<MetricCheck> checks) implements Question<Answer.MetricValues> {
        public Metrics {
            checks = List.copyOf(checks);
        }
    }

    /**
     * What do the webhooks of a type say? Asked one after another in the plan's order, up to the first that refuses (for {@code rollback}:
     * up to the first that agrees).
     *
     * @param phase what the payload says
     */
    record Hooks(HookType type, Phase phase) implements Question<Answer.HookResults> {}

    /** Can the stores of all metrics be reached? Only asked once, before a Canary is initialised. */
    record MetricStores() implements Question<Answer.StoreProbe> {}
}
