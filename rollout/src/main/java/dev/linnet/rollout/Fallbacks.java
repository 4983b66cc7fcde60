package dev.linnet.rollout;

import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.plan.Mirror;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.plan.Routing.Ability;
import dev.linnet.rollout.plan.Strategy;
import java.util.List;

/**
 * What a release does instead where its provider routes nothing: Flagger falls back to Blue/Green too, since only that works without
 * routes.
 */
final class Fallbacks {
    /** Flagger's number of iterations for those who gave none. */
    private static final int ITERATIONS = 10;

    static final String NO_MATCH = "A/B testing is not supported when using the kubernetes provider";
    static final String NO_WEIGHTS = "Progressive traffic is not supported when using the kubernetes provider";
    static final String TEN_ITERATIONS = "Setting canaryAnalysis.iterations: 10";

    private Fallbacks() {}

    static Release of(Release asked) {
        if (asked.routing().can(Ability.SPLIT)) {
            return asked;
        }
        Analysis analysis = asked.analysis();
        Analysis possible = new Analysis(
                blueGreen(analysis.strategy()), analysis.checks(), analysis.hooks(), List.of(), analysis.affinity());
        return new Release(asked.names(), asked.kind(), asked.routing(), possible, asked.options());
    }

    private static Strategy blueGreen(Strategy asked) {
        return switch (asked) {
            case Strategy.BlueGreen blueGreen -> blueGreen;
            case Strategy.AbTest(int iterations) -> new Strategy.BlueGreen(iterations, Mirror.OFF, 0);
            case Strategy.Weighted _ -> new Strategy.BlueGreen(ITERATIONS, Mirror.OFF, 0);
        };
    }

    /** What its author is told when a run begins. */
    static List<String> warnings(Release asked) {
        if (asked.routing().can(Ability.SPLIT)) {
            return List.of();
        }
        return switch (asked.analysis().strategy()) {
            case Strategy.BlueGreen _ -> List.of();
            case Strategy.AbTest _ -> List.of(NO_MATCH);
            case Strategy.Weighted _ ->
                asked.analysis().audience().isEmpty()
                        ? List.of(NO_WEIGHTS, TEN_ITERATIONS)
                        : List.of(NO_MATCH, NO_WEIGHTS, TEN_ITERATIONS);
        };
    }
}
