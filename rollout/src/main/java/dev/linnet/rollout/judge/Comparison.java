package dev.linnet.rollout.judge;

/**
 * The requests of one step, first attempts only, as counted by our gateways.
 *
 * @param step     which step ({@code clock.step}); counts of another step prove nothing about this one
 * @param canary   the canary's requests
 * @param primary  the primary's
 * @param evidence what their split says about whom the failures belong to
 */
public record Comparison(int step, Requests canary, Requests primary, Attribution evidence) {
    public static final Comparison NONE = ofStep(-1);

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

    /** A step that begins. */
    public static Comparison ofStep(int step) {
        return new Comparison(step, Requests.NONE, Requests.NONE, Attribution.START);
    }

    /** With the requests that ended since the last call, of all gateways together. The shorter the time, the sooner it is decided. */
    public Comparison plus(Requests ofCanary, Requests ofPrimary) {
        return new Comparison(step, canary.plus(ofCanary), primary.plus(ofPrimary), evidence.plus(ofCanary, ofPrimary));
    }
}
