package dev.linnet.rollout.evidence;

/** One of the two versions that serve. */
public enum Side {
    PRIMARY,
    /** The target itself. */
    CANARY
}
