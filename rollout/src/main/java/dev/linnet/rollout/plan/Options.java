package dev.linnet.rollout.plan;

import java.time.Duration;

/**
 * The switches of a Canary.
 *
 * @param skipAnalysis     promote without webhooks and metrics
 * @param suspended        do nothing at all
 * @param revertOnDeletion give the target its service back before the Canary goes
 * @param fastAbort        end a release at once when its requests alone prove it bad ({@code linnet.dev/fast-abort})
 * @param scaled           whether {@code autoscalerRef} names a scaler
 * @param progressDeadline how long Pods may take to become ready
 */
public record Options(
        boolean skipAnalysis,
        boolean suspended,
        boolean revertOnDeletion,
        boolean fastAbort,
        boolean scaled,
        Duration progressDeadline) {
    public static final Duration DEFAULT_PROGRESS_DEADLINE = Duration.ofMinutes(10);
}
