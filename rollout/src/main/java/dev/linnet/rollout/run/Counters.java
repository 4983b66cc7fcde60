package dev.linnet.rollout.run;

/**
 * The numbers of {@code status}.
 *
 * @param weight       the canary's share in percent, as last written
 * @param iterations   how many iterations of an A/B test or Blue/Green have begun; one more than there are once Blue/Green has switched
 * @param failedChecks of the present run
 */
public record Counters(int weight, int iterations, int failedChecks) {
    public static final Counters ZERO = new Counters(0, 0, 0);

    public Counters withWeight(int share) {
        return new Counters(share, iterations, failedChecks);
    }

    public Counters withIterations(int begun) {
        return new Counters(weight, begun, failedChecks);
    }

    public Counters oneMoreFailed() {
        return new Counters(weight, iterations, failedChecks + 1);
    }

    /** The canary has no traffic any more and begins anew; what failed is not forgotten. */
    public Counters withdrawn() {
        return new Counters(0, 0, failedChecks);
    }
}
