package dev.linnet.rollout.plan;

/** When a webhook is called. Its text is what {@code webhooks[].type} says. */
public enum HookType {
    /** May this release begin? */
    CONFIRM_ROLLOUT("confirm-rollout"),
    /** Is the new version fit for traffic? A failed one is a failed check. */
    PRE_ROLLOUT("pre-rollout"),
    /** Before the metrics of each check. A failed one is a failed check. */
    ROLLOUT("rollout"),
    /** May the canary get more traffic? */
    CONFIRM_TRAFFIC_INCREASE("confirm-traffic-increase"),
    /** May the new version become the primary? */
    CONFIRM_PROMOTION("confirm-promotion"),
    /** Told that it ended. */
    POST_ROLLOUT("post-rollout"),
    /** Should this release be taken back? One that answers yes is enough. */
    ROLLBACK("rollback"),
    /** Told every event. */
    EVENT("event");

    private final String word;

    HookType(String word) {
        this.word = word;
    }

    /** Whether somebody else decides, so that a refusal is no failed check. */
    public boolean isGate() {
        return this == CONFIRM_ROLLOUT || this == CONFIRM_TRAFFIC_INCREASE || this == CONFIRM_PROMOTION;
    }

    @Override
    public String toString() {
        return word;
    }
}
