package dev.linnet.rollout.judge;

/**
 * What one metric says.
 *
 * @param outcome whether it passes
 * @param event   why not, in Flagger's words; empty if it passes and had a value
 * @param alert   what people are told beyond that, because there was no value; empty if there was one
 */
public record Verdict(Outcome outcome, String event, String alert) {
    static final Verdict PASSED = new Verdict(Outcome.PASS, "", "");

    /** In the order of how much it weighs against a version. */
    public enum Outcome {
        PASS,
        /** Neither passes nor fails: the release stays where it is. */
        HOLD,
        FAIL
    }
}
