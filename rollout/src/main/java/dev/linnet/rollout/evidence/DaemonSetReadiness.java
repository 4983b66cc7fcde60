package dev.linnet.rollout.evidence;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import dev.linnet.rollout.evidence.WorkloadStatus.OfDaemonSet;
import dev.linnet.rollout.evidence.WorkloadStatus.Pods;
import dev.linnet.rollout.plan.Names;

/** When a DaemonSet is ready: Flagger's questions and words, one of them misspelt. */
record DaemonSetReadiness(Side side, Names names) {

    Readiness of(OfDaemonSet status, Demand demand) {
        Pods pods = status.pods();
        if (!status.isObserved()) {
            return waiting("observed daemonset generation less than desired generation", pods);
        }
        String missing = missing(pods, demand);
        if (missing.isEmpty()) {
            return new Readiness.Ready();
        }
        return demand.isExceededSince(status.unavailableSince())
                ? notReady(
                        "exceeded its progressDeadlineSeconds: "
                                + demand.deadline().toSeconds(),
                        false,
                        pods)
                : waiting(missing, pods);
    }

    private static String missing(Pods pods, Demand demand) {
        if (pods.updated() < pods.desired()) {
            return pods.updated() + " out of " + pods.desired() + " new pods have been updated";
        }
        return pods.available() < demand.of(pods.desired())
                ? pods.available() + " of " + pods.updated() + " (readyThreshold " + demand.threshold()
                        + "%) updated pods are available"
                : "";
    }

    private Readiness waiting(String text, Pods pods) {
        return notReady("waiting for rollout to finish: " + text, true, pods);
    }

    private Readiness notReady(String text, boolean retriable, Pods pods) {
        String whose = side == Side.PRIMARY
                ? "primary daemonset " + names.primaryInNamespace() + " not ready: "
                : "canary damonset " + names.targetInNamespace() + " not ready with retryable " + retriable + ": ";
        return new Readiness.NotReady(whose + text, retriable, pods.available() > 0);
    }
}
