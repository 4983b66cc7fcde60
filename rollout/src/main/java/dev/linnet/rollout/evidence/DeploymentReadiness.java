package dev.linnet.rollout.evidence;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import dev.linnet.rollout.evidence.WorkloadStatus.OfDeployment;
import dev.linnet.rollout.evidence.WorkloadStatus.Pods;
import dev.linnet.rollout.plan.Names;

/** When a Deployment is ready, in Flagger's order of questions. */
record DeploymentReadiness(Side side, Names names) {

    Readiness of(OfDeployment status, Demand demand) {
        Pods pods = status.pods();
        if (!status.isObserved()) {
            return waiting("observed deployment generation less than desired generation", true, pods);
        }
        if (status.deadlineExceeded()) {
            return notReady("deployment \"" + name() + "\" exceeded its progress deadline", false, pods);
        }
        boolean retriable = !demand.isExceededSince(status.unavailableSince());
        if (pods.updated() < pods.desired()) {
            String text = pods.updated() + " out of " + pods.desired() + " new replicas have been updated";
            return waiting(text, retriable, pods);
        }
        if (pods.present() > pods.updated()) {
            String text = pods.present() - pods.updated() + " old replicas are pending termination";
            return waiting(text, retriable, pods);
        }
        if (pods.available() < demand.of(pods.updated())) {
            String text = pods.available() + " of " + demand.of(pods.updated()) + " (readyThreshold "
                    + demand.threshold() + "%) updated replicas are available";
            return waiting(text, retriable, pods);
        }
        return new Readiness.Ready();
    }

    private Readiness waiting(String text, boolean retriable, Pods pods) {
        return notReady("waiting for rollout to finish: " + text, retriable, pods);
    }

    private Readiness notReady(String text, boolean retriable, Pods pods) {
        String whose =
                side == Side.PRIMARY ? names.primaryInNamespace() : "canary deployment " + names.targetInNamespace();
        return new Readiness.NotReady(whose + " not ready: " + text, retriable, pods.available() > 0);
    }

    private String name() {
        return side == Side.PRIMARY ? names.target() + "-primary" : names.target();
    }
}
