package dev.linnet.rollout.plan;

/** What a metric without a value does to a check. */
public enum OnTrouble {
    /** It fails the check (Flagger's way). */
    FAIL,
    /** It neither fails nor passes: the release stays where it is until there is a value. */
    HOLD,
    /** It passes. */
    PASS
}
