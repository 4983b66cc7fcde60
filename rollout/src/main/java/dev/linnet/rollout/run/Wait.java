package dev.linnet.rollout.run;

import java.time.Instant;

/**
 * What a release waits for, for the person who asks why nothing happens.
 *
 * @param what  which kind of thing
 * @param text  its name: {@code gate gate/promotion}, {@code canary deployment podinfo.test not ready: …}
 * @param since since when
 */
public record Wait(What what, String text, Instant since) {
    public static final Wait NOTHING = new Wait(What.NOTHING, "", Instant.EPOCH);

    /** Which kind of thing is waited for. */
    public enum What {
        NOTHING,
        /** The end of the present interval. */
        INTERVAL,
        /** A change of the target. */
        NEW_VERSION,
        PRIMARY,
        CANARY,
        /** A gate, or a person instead of it. */
        GATE,
        /** A person, who has paused the run. */
        RESUME,
        /** A metric that has no value. */
        METRICS,
        /** Data planes that have not taken over the traffic yet. */
        DATA_PLANE,
        /** The author of the Canary or of its target: it cannot be obeyed as it is. */
        AUTHOR;

        /** Whether it should be over soon, so that somebody should hear of it if it is not. */
        public boolean isTrouble() {
            return switch (this) {
                case PRIMARY, CANARY, METRICS, DATA_PLANE, AUTHOR -> true;
                case NOTHING, INTERVAL, NEW_VERSION, GATE, RESUME -> false;
            };
        }
    }
}
