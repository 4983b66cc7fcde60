package dev.linnet.rollout.run;

/**
 * The condition {@code Promoted} of a Canary's status, for which {@code kubectl wait --for=condition=promoted} waits: Flagger's words.
 *
 * @param status  {@code True}, {@code False} or {@code Unknown}
 * @param reason  the phase
 * @param message what it means
 */
public record PromotedCondition(String status, String reason, String message) {

    /** @param kind the target's kind: {@code Deployment} */
    public static PromotedCondition of(Phase phase, String kind) {
        return switch (phase) {
            // Flagger has no words of its own for an end.
            case NEW, INITIALIZING, TERMINATING, TERMINATED ->
                unknown(phase, "New " + kind + " detected, starting initialization.");
            case INITIALIZED -> new PromotedCondition("True", phase.toString(), kind + " initialization completed.");
            case WAITING, WAITING_PROMOTION -> unknown(phase, "Waiting for approval.");
            case PROGRESSING -> unknown(phase, "New revision detected, progressing canary analysis.");
            case PROMOTING -> unknown(phase, "Canary analysis completed, starting primary rolling update.");
            case FINALISING -> unknown(phase, "Canary analysis completed, routing all traffic to primary.");
            case SUCCEEDED ->
                new PromotedCondition(
                        "True", phase.toString(), "Canary analysis completed successfully, promotion finished.");
            case FAILED ->
                new PromotedCondition(
                        "False", phase.toString(), "Canary analysis failed, " + kind + " scaled to zero.");
        };
    }

    private static PromotedCondition unknown(Phase phase, String message) {
        return new PromotedCondition("Unknown", phase.toString(), message);
    }
}
