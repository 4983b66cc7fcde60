package dev.linnet.machine.deployment;

import static dev.linnet.machine.deployment.Conditions.PROGRESSING;

import dev.linnet.machine.control.Reconciler;
import dev.linnet.machine.deployment.Conditions.Reason;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a rollout gets on: the condition Progressing, on which {@code kubectl rollout status} and Flagger rely. */
final class Progress {
    private final Deployment deployment;
    private final DeploymentStatus before;
    private final Instant now;

    Progress(Deployment deployment, Instant now) {
        this.deployment = deployment;
        this.before = deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
        this.now = now;
    }

    /** Without a deadline nobody asked about progress, and nothing is said. */
    boolean isTold() {
        Integer seconds = deployment.getSpec().getProgressDeadlineSeconds();
        return seconds != null && seconds != Integer.MAX_VALUE;
    }

    private Duration deadline() {
        return Duration.ofSeconds(Sizes.orZero(deployment.getSpec().getProgressDeadlineSeconds()));
    }

    /** While paused, no clock runs. */
    Conditions pausedOrResumed(Conditions conditions) {
        boolean paused = Boolean.TRUE.equals(deployment.getSpec().getPaused());
        boolean said = conditions.has(PROGRESSING, Reason.PAUSED);
        if (!isTold() || paused == said || conditions.has(PROGRESSING, Reason.TIMED_OUT)) {
            return conditions;
        }
        return paused
                ? conditions.with(PROGRESSING, "Unknown", Reason.PAUSED, "Deployment is paused", now)
                : conditions.with(PROGRESSING, "Unknown", Reason.RESUMED, "Deployment is resumed", now);
    }

    Conditions created(Conditions conditions, ReplicaSet set) {
        String message = "Created new replica set \"" + set.getMetadata().getName() + "\"";
        return isTold() ? conditions.with(PROGRESSING, "True", Reason.CREATED, message, now) : conditions;
    }

    Conditions found(Conditions conditions, ReplicaSet set) {
        String message = "Found new replica set \"" + set.getMetadata().getName() + "\"";
        return isTold() && conditions.get(PROGRESSING).isEmpty()
                ? conditions.with(PROGRESSING, "True", Reason.FOUND, message, now)
                : conditions;
    }

    Conditions createFailed(Conditions conditions, String message) {
        return isTold() ? conditions.with(PROGRESSING, "False", Reason.CREATE_FAILED, message, now) : conditions;
    }

    /** @param counts the status as it will be, but for its conditions */
    Conditions judged(Conditions conditions, DeploymentStatus counts, Optional<ReplicaSet> inCharge) {
        if (!isTold()) {
            return conditions.without(PROGRESSING);
        }
        boolean wasComplete = Sizes.orZero(counts.getReplicas()) == Sizes.orZero(counts.getUpdatedReplicas())
                && conditions.has(PROGRESSING, Reason.COMPLETE);
        if (wasComplete) {
            return conditions;
        }
        String what = inCharge.map(set -> "ReplicaSet \"" + set.getMetadata().getName() + "\"")
                .orElse("Deployment \"" + deployment.getMetadata().getName() + "\"");
        if (isComplete(counts)) {
            return conditions.with(PROGRESSING, "True", Reason.COMPLETE, what + " has successfully progressed.", now);
        }
        if (hasMoved(counts)) {
            return conditions.withFresh(PROGRESSING, "True", Reason.UPDATED, what + " is progressing.", now);
        }
        return isTimedOut(conditions)
                ? conditions.with(PROGRESSING, "False", Reason.TIMED_OUT, what + " has timed out progressing.", now)
                : conditions;
    }

    boolean isComplete(DeploymentStatus counts) {
        int wanted = Sizes.wanted(deployment);
        Long observed = counts.getObservedGeneration();
        return Sizes.orZero(counts.getUpdatedReplicas()) == wanted
                && Sizes.orZero(counts.getReplicas()) == wanted
                && Sizes.orZero(counts.getAvailableReplicas()) == wanted
                && observed != null
                && observed >= deployment.getMetadata().getGeneration();
    }

    private boolean hasMoved(DeploymentStatus counts) {
        return Sizes.orZero(counts.getUpdatedReplicas()) > Sizes.orZero(before.getUpdatedReplicas())
                || old(counts) < old(before)
                || Sizes.orZero(counts.getReadyReplicas()) > Sizes.orZero(before.getReadyReplicas())
                || Sizes.orZero(counts.getAvailableReplicas()) > Sizes.orZero(before.getAvailableReplicas());
    }

    private static int old(DeploymentStatus counts) {
        return Sizes.orZero(counts.getReplicas()) - Sizes.orZero(counts.getUpdatedReplicas());
    }

    private boolean isTimedOut(Conditions conditions) {
        if (conditions.has(PROGRESSING, Reason.COMPLETE)) {
            return false;
        }
        return conditions
                .get(PROGRESSING)
                .filter(condition -> Reason.TIMED_OUT.equals(condition.getReason())
                        || updated(condition).plus(deadline()).isBefore(now))
                .isPresent();
    }

    private static Instant updated(DeploymentCondition condition) {
        return Instant.parse(condition.getLastUpdateTime());
    }

    /** When the deadline will have passed; nothing else would wake us then. */
    Duration again(Conditions conditions, DeploymentStatus counts) {
        Optional<DeploymentCondition> progressing = conditions.get(PROGRESSING);
        if (!isTold()
                || progressing.isEmpty()
                || isComplete(counts)
                || Boolean.TRUE.equals(deployment.getSpec().getPaused())
                || conditions.has(PROGRESSING, Reason.COMPLETE)
                || conditions.has(PROGRESSING, Reason.TIMED_OUT)) {
            return Reconciler.NOT_AGAIN;
        }
        // Times in conditions are cut to seconds, so one second more is surely past it.
        Duration left = Duration.between(
                now, updated(progressing.get()).plus(deadline()).plusSeconds(1));
        return left.isNegative() ? Duration.ofSeconds(1) : left;
    }
}
