package dev.linnet.rollout.run;

/** Why a failed release still serves from the canary: the primary cannot. It ends as soon as the primary is ready. */
public enum Hold {
    NONE,
    /** The primary has the new version, which was tried out, but does not become ready: ready, it is promoted. */
    PROMOTION,
    /** The primary has the old version, but no Pod of it serves: ready, it gets its traffic back. */
    ROLLBACK
}
