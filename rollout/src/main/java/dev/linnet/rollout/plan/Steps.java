package dev.linnet.rollout.plan;

import java.util.List;

/**
 * The shares of a weighted release, in percent.
 *
 * @param stepWeight what each step adds; 0 if {@code weights} says it
 * @param weights    the share of each step by a list of them; empty if {@code stepWeight} says it
 * @param maxWeight  from which share on the release is promoted; that of the last step if {@code weights} are given
 */
public record Steps(int stepWeight, List<Integer> weights, int maxWeight) {
    public static final int DEFAULT_MAX_WEIGHT = 100;

    public Steps {
        weights = List.copyOf(weights);
    }

    /** From which share on there is no further step: 1 to 100. */
    public int last() {
        return Math.clamp(weights.isEmpty() ? maxWeight : weights.getLast(), 1, 100);
    }

    /**
     * The share of the step after {@code weight}. May exceed {@link #last} where {@code stepWeight} does not divide it, as in Flagger: 20,
     * 40, 60 for a maximum of 50.
     */
    public int after(int weight) {
        int next = weights.isEmpty() ? weight + stepWeight : firstAbove(weight);
        return Math.min(next, 100);
    }

    /** The list may have been edited, or the share by hand: the next higher step is meant, never all of the traffic. */
    private int firstAbove(int weight) {
        return weights.stream()
                .mapToInt(Integer::intValue)
                .filter(step -> step > weight)
                .findFirst()
                .orElse(last());
    }
}
