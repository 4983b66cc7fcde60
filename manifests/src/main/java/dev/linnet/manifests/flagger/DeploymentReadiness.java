package dev.linnet.manifests.flagger;

import dev.linnet.rollout.evidence.Answer.Readiness;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a Deployment's Pods can serve, in Flagger's words.
 *
 * @param subject   what the words begin with: {@code canary deployment podinfo.test}
 * @param threshold percent of the updated Pods that must be available
 * @param deadline  how long they may be unavailable
 */
public record DeploymentReadiness(String subject, int threshold, Duration deadline) {

    public Readiness of(Deployment deployment, Instant now) {
        DeploymentStatus status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        boolean serving = number(status.getAvailableReplicas()) > 0;
        if (number(status.getObservedGeneration())
                < number(deployment.getMetadata().getGeneration())) {
            return no(
                    "waiting for rollout to finish: observed deployment generation less than desired generation",
                    true,
                    serving);
        }
        if (condition(status, "Progressing")
                .filter(progressing -> "ProgressDeadlineExceeded".equals(progressing.getReason()))
                .isPresent()) {
            return no(
                    "deployment \"" + deployment.getMetadata().getName() + "\" exceeded its progress deadline",
                    false,
                    serving);
        }
        long wanted = number(deployment.getSpec().getReplicas());
        long updated = number(status.getUpdatedReplicas());
        long needed = updated * threshold / 100;
        boolean inTime = isInTime(status, now);
        if (updated < wanted) {
            return no(
                    "waiting for rollout to finish: " + updated + " out of " + wanted
                            + " new replicas have been updated",
                    inTime,
                    serving);
        }
        if (number(status.getReplicas()) > updated) {
            return no(
                    "waiting for rollout to finish: " + (number(status.getReplicas()) - updated)
                            + " old replicas are pending termination",
                    inTime,
                    serving);
        }
        if (number(status.getAvailableReplicas()) < needed) {
            return no(
                    "waiting for rollout to finish: " + number(status.getAvailableReplicas()) + " of " + needed
                            + " (readyThreshold " + threshold + "%) updated replicas are available",
                    inTime,
                    serving);
        }
        return new Readiness.Ready();
    }

    private Readiness no(String why, boolean retriable, boolean serving) {
        return new Readiness.NotReady(subject + " not ready: " + why, retriable, serving);
    }

    private boolean isInTime(DeploymentStatus status, Instant now) {
        return condition(status, "Available")
                .filter(available -> "False".equals(available.getStatus())
                        && "MinimumReplicasUnavailable".equals(available.getReason()))
                .flatMap(available -> instant(available.getLastUpdateTime()))
                .map(since -> !now.isAfter(since.plus(deadline)))
                .orElse(true);
    }

    private static Optional<DeploymentCondition> condition(DeploymentStatus status, String type) {
        return Objects.requireNonNullElse(status.getConditions(), List.<DeploymentCondition>of()).stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private static Optional<Instant> instant(@org.jspecify.annotations.Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static long number(@org.jspecify.annotations.Nullable Number number) {
        return number == null ? 0 : number.longValue();
    }
}
