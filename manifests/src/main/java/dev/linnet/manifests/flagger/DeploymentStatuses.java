package dev.linnet.manifests.flagger;

import dev.linnet.rollout.evidence.WorkloadStatus.OfDeployment;
import dev.linnet.rollout.evidence.WorkloadStatus.Pods;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Deployment's status as what the rules of readiness ask for. */
public final class DeploymentStatuses {
    private DeploymentStatuses() {}

    public static OfDeployment of(Deployment deployment) {
        DeploymentStatus status = Objects.requireNonNullElseGet(deployment.getStatus(), DeploymentStatus::new);
        Pods pods = new Pods(
                number(deployment.getSpec().getReplicas()),
                number(status.getReplicas()),
                number(status.getUpdatedReplicas()),
                number(status.getAvailableReplicas()));
        return new OfDeployment(
                isObserved(deployment, status), pods, hasExceededItsDeadline(status), unavailableSince(status));
    }

    private static boolean isObserved(Deployment deployment, DeploymentStatus status) {
        return Objects.requireNonNullElse(status.getObservedGeneration(), 0L)
                >= Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L);
    }

    private static boolean hasExceededItsDeadline(DeploymentStatus status) {
        return condition(status, "Progressing")
                .filter(progressing -> "ProgressDeadlineExceeded".equals(progressing.getReason()))
                .isPresent();
    }

    private static Instant unavailableSince(DeploymentStatus status) {
        return condition(status, "Available")
                .filter(available -> "False".equals(available.getStatus())
                        && "MinimumReplicasUnavailable".equals(available.getReason()))
                .flatMap(available -> instant(available.getLastUpdateTime()))
                .orElse(Instant.MAX);
    }

    private static Optional<DeploymentCondition> condition(DeploymentStatus status, String type) {
        return Objects.requireNonNullElse(status.getConditions(), List.<DeploymentCondition>of()).stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private static Optional<Instant> instant(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static int number(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
