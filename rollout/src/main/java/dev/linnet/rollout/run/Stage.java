package dev.linnet.rollout.run;

/** Where a release stands within its phase. */
public enum Stage {
    /** What the phase says is going on. */
    OPEN,
    /** To be promoted; the primary has not been given the new version yet. */
    COPYING,
    /** Traffic has been moved; what it needed before goes once all data planes have followed. */
    SETTLING,
    /** Ended; the post-rollout hooks have not been told yet. */
    TELLING
}
