package dev.linnet.rollout;

import dev.linnet.rollout.evidence.Answer.HookResult;
import dev.linnet.rollout.plan.HookType;
import dev.linnet.rollout.plan.Names;

/** What events and alerts say: Flagger's words, since people search for them, and ours where Flagger says nothing. */
final class Texts {
    static final String SUSPENDED = "skipping canary run as object is suspended";
    static final String STORES_AVAILABLE = "all the metrics providers are available!";
    static final String ROUTING_TO_PRIMARY = "Routing all traffic to primary";
    static final String ROUTING_TO_CANARY = "Routing all traffic to canary";
    static final String STOPPING_MIRROR = "Stop traffic mirroring and route all traffic to canary";
    static final String NEW_REVISION_ALERT = "New revision detected, progressing canary analysis.";
    static final String SUCCESS_ALERT = "Canary analysis completed successfully, promotion finished.";
    static final String SKIPPED_ALERT = "Canary analysis was skipped, promotion finished.";

    private final Names names;
    private final String canary;
    private final String target;

    Texts(Names names) {
        this.names = names;
        this.canary = names.canaryInNamespace();
        this.target = names.targetInNamespace();
    }

    static Texts of(Situation at) {
        return new Texts(at.release().names());
    }

    static String storesUnavailable(String error) {
        return "Error checking metric providers: " + error;
    }

    static String initializedAlert(String kind) {
        return "New " + kind + " detected, initialization completed.";
    }

    static String stalled(String what) {
        return "Canary is not advancing: " + what;
    }

    static String initializationFailed(String why) {
        return "Initialization failed, primary not ready: " + why;
    }

    static String promotionFailedAlert(String why) {
        return "Promotion failed, primary not ready: " + why;
    }

    static String notSettled(String missing) {
        return "Traffic has not been taken over by " + missing;
    }

    static String passed(HookType type, HookResult hook) {
        String word = type.toString();
        return Character.toUpperCase(word.charAt(0)) + word.substring(1) + " check " + hook.name() + " passed";
    }

    static String postRolloutFailed(HookResult hook) {
        return "Post-rollout hook " + hook.name() + " failed " + hook.text();
    }

    static String noRollback(HookResult hook) {
        return "Rollback hook " + hook.name() + " not signaling a rollback";
    }

    static String gateAlert(HookType gate) {
        return switch (gate) {
            case CONFIRM_TRAFFIC_INCREASE -> "Canary traffic increase is waiting for approval.";
            case CONFIRM_PROMOTION -> "Canary promotion is waiting for approval.";
            default -> "Canary is waiting for approval.";
        };
    }

    String gateClosed(HookType gate, HookResult hook) {
        String what = switch (gate) {
            case CONFIRM_TRAFFIC_INCREASE -> "traffic increase approval ";
            case CONFIRM_PROMOTION -> "promotion approval ";
            default -> "approval ";
        };
        return halt() + "waiting for " + what + hook.name();
    }

    /** What every halt begins with. */
    String halt() {
        return "Halt " + canary + " advancement ";
    }

    String hookFailed(HookType type, HookResult hook) {
        String which = type == HookType.PRE_ROLLOUT ? "pre-rollout check " : "external check ";
        return halt() + which + hook.name() + " failed " + hook.text();
    }

    String initialized() {
        return "Initialization done! " + canary;
    }

    String newRevision() {
        return "New revision detected! Scaling up " + target;
    }

    String restarting() {
        return "New revision detected! Restarting analysis for " + target;
    }

    String starting() {
        return "Starting canary analysis for " + target;
    }

    String weight(int canaryWeight) {
        return "Advance " + canary + " canary weight " + canaryWeight;
    }

    String primaryWeight(int primaryWeight) {
        return "Advance " + canary + " primary weight " + primaryWeight;
    }

    String iteration(int iteration, int iterations) {
        return "Advance " + canary + " canary iteration " + iteration + "/" + iterations;
    }

    String copying() {
        return "Copying " + target + " template spec to " + names.primaryInNamespace();
    }

    String promoted() {
        return "Promotion completed! Scaling down " + target;
    }

    String promotedWithoutAnalysis() {
        return "Promotion completed! Canary analysis was skipped for " + target;
    }

    String promotionFailed(String why) {
        return "Promotion of " + target + " failed, primary not ready: " + why;
    }

    String rollingBack(String why) {
        return "Rolling back " + canary + " " + why;
    }

    String staying() {
        return "No Pod of " + names.primaryInNamespace() + " serves, " + target + " keeps its traffic";
    }

    String failed() {
        return "Canary failed! Scaling down " + canary;
    }

    String reverted() {
        return "Target reverted! Stopping analysis for " + target;
    }

    String withdrawing() {
        return "No Pod of " + target + " serves, routing all traffic to primary";
    }

    String terminating() {
        return "Terminating canary " + canary;
    }

    String terminated() {
        return "Terminated canary " + canary;
    }
}
