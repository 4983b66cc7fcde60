package dev.linnet.rollout.run;

/**
 * Why a run ends without promotion. Written down before anything is done about it, so that a rollback that was begun is completed.
 *
 * @param cause which rule ended it
 * @param text  in words
 */
public record Ending(Cause cause, String text) {
    public static final Ending NONE = new Ending(Cause.NONE, "");

    /** Which rule ended a run. */
    public enum Cause {
        /** It has not ended, or was promoted. */
        NONE,
        FAILED_CHECKS,
        /** Its requests alone prove that it is worse. */
        FAST_ABORT,
        ROLLBACK_HOOK,
        /** A person said abort. */
        PERSON,
        CANARY_NOT_READY,
        PRIMARY_NOT_READY,
        /** The primary does not become ready with the new version. */
        PROMOTION_FAILED,
        /** The target was set back to what the primary runs: there is nothing to release any more, which is no failure. */
        REVERTED
    }

    public boolean isSet() {
        return cause != Cause.NONE;
    }
}
