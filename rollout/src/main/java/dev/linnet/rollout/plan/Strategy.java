package dev.linnet.rollout.plan;

/** How a version gets its traffic. */
public sealed interface Strategy {

    /**
     * By how many percent the primary's share grows at a time once it has the new version ({@code stepWeightPromotion}); 0 for all at
     * once.
     */
    int promotionStep();

    /**
     * A growing share of all requests (Flagger's canary release).
     *
     * @param steps  the shares
     * @param mirror requests are copied to the canary for one interval before it gets any
     */
    record Weighted(Steps steps, Mirror mirror, int promotionStep) implements Strategy {}

    /**
     * The requests of {@link Analysis#audience} for a number of intervals. Goes back all at once: an audience has no shares.
     *
     * @param iterations how many checks must pass; at least 1
     */
    record AbTest(int iterations) implements Strategy {
        @Override
        public int promotionStep() {
            return 0;
        }
    }

    /**
     * No traffic but the tests' own for a number of intervals, then all of it.
     *
     * @param iterations how many checks must pass before the switch; at least 1
     * @param mirror     requests are copied to the canary meanwhile
     */
    record BlueGreen(int iterations, Mirror mirror, int promotionStep) implements Strategy {}
}
