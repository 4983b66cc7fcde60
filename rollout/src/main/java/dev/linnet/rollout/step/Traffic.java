package dev.linnet.rollout.step;

/** Who gets the requests. */
public sealed interface Traffic {
    Traffic ALL_PRIMARY = new Split(0);
    Traffic ALL_CANARY = new Split(100);

    /** Each version its share; the canary's in percent. */
    record Split(int canary) implements Traffic {
        public Split {
            if (canary < 0 || canary > 100) {
                throw new IllegalArgumentException("canary is " + canary + " (expected: 0 to 100)");
            }
        }
    }

    /** The audience of the plan meets the canary, all others the primary. */
    record Audience() implements Traffic {}

    /** All meet the primary; this many percent are copied to the canary, 0 being the provider's default. */
    record Mirrored(int percent) implements Traffic {}
}
