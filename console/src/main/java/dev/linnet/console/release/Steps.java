package dev.linnet.console.release;

import dev.linnet.rollout.plan.Strategy;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a release is.
 *
 * @param done  steps that it has taken
 * @param total all of them; 0 if nobody knows
 */
public record Steps(int done, int total) {
    static final Steps UNKNOWN = new Steps(0, 0);
    private static final int MOST = 100;

    static Steps of(Strategy strategy, int weight, int iterations) {
        return switch (strategy) {
            case Strategy.Weighted weighted -> {
                List<Integer> shares = shares(weighted.steps());
                int taken =
                        (int) shares.stream().filter(share -> share <= weight).count();
                yield new Steps(taken, shares.size());
            }
            case Strategy.AbTest test -> new Steps(Math.min(iterations, test.iterations()), test.iterations());
            case Strategy.BlueGreen switching ->
                new Steps(Math.min(iterations, switching.iterations()), switching.iterations());
        };
    }

    /** The shares one after another, in percent. A plan that never advances has those up to where it stops. */
    static List<Integer> shares(dev.linnet.rollout.plan.Steps plan) {
        List<Integer> shares = new ArrayList<>();
        int weight = 0;
        while (weight < plan.last() && shares.size() < MOST) {
            int next = plan.after(weight);
            if (next <= weight) {
                break;
            }
            shares.add(next);
            weight = next;
        }
        return shares;
    }
}
