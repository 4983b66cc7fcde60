package dev.linnet.rollout.judge;

/**
 * The requests of one step, first attempts only, as counted by our gateways.
 *
 * @param step     which step ({@code clock.step}); counts of another step prove nothing about this one
 * @param canary   the canary's requests
 * @param primary  the primary's
 * @param pending  those of them that are not in the evidence yet, because only one version had any
 * @param evidence what the split of all others says about whom the failures belong to
 */
public record Comparison(int step, Requests canary, Requests primary, Pending pending, Attribution evidence) {
    /**
     * Requests of one version.
     *
     * @param total  how many
     * @param failed how many of them failed
     */
    public record Requests(long total, long failed) {
        public static final Requests NONE = new Requests(0, 0);

        public Requests {
            if (failed < 0 || failed > total) {
                throw new IllegalArgumentException("failed is " + failed + " (expected: 0 to " + total + ")");
            }
        }

        public Requests plus(Requests more) {
            return new Requests(total + more.total, failed + more.failed);
        }

        /** Percent that did not fail; 100 if there were none. */
        public double successRate() {
            return total == 0 ? 100 : 100.0 * (total - failed) / total;
        }
    }

    /** Requests of both versions in a time in which one of them may have had none. */
    public record Pending(Requests canary, Requests primary) {
        static final Pending NONE = new Pending(Requests.NONE, Requests.NONE);

        Pending plus(Requests ofCanary, Requests ofPrimary) {
            return new Pending(canary.plus(ofCanary), primary.plus(ofPrimary));
        }
    }

    /** Nothing was counted. */
    public static final Comparison NONE =
            new Comparison(-1, Requests.NONE, Requests.NONE, Pending.NONE, Attribution.START);

    /** A step that begins. */
    public static Comparison ofStep(int step) {
        return new Comparison(step, Requests.NONE, Requests.NONE, Pending.NONE, Attribution.START);
    }

    /** With the requests that ended since the last call, of all gateways together. The shorter the time, the sooner it is decided. */
    public Comparison plus(Requests ofCanary, Requests ofPrimary) {
        Pending together = pending.plus(ofCanary, ofPrimary);
        boolean compares = together.canary().total() > 0 && together.primary().total() > 0;
        return new Comparison(
                step,
                canary.plus(ofCanary),
                primary.plus(ofPrimary),
                compares ? Pending.NONE : together,
                compares ? evidence.plus(together.canary(), together.primary()) : evidence);
    }
}
