package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The numbers of a Deployment's status, and the conditions that follow from numbers alone. */
final class Counts {
    private Counts() {}

    /** Conditions are left out. Zeroes are absent, as Kubernetes writes them, so that equal statuses are equal. */
    static DeploymentStatus of(Deployment deployment, Optional<ReplicaSet> inCharge, List<ReplicaSet> old) {
        List<ReplicaSet> all = new ArrayList<>(old);
        inCharge.ifPresent(all::add);
        int available = Sizes.sum(all, Sizes::available);
        Integer collisions =
                deployment.getStatus() == null ? null : deployment.getStatus().getCollisionCount();
        return new DeploymentStatusBuilder()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(present(Sizes.sum(all, Sizes::actual)))
                .withUpdatedReplicas(present(inCharge.map(Sizes::actual).orElse(0)))
                .withReadyReplicas(present(Sizes.sum(all, Sizes::ready)))
                .withAvailableReplicas(present(available))
                .withUnavailableReplicas(present(Math.max(0, Sizes.sum(all, Sizes::wanted) - available)))
                .withCollisionCount(collisions)
                .build();
    }

    private static @Nullable Integer present(int count) {
        return count == 0 ? null : count;
    }

    static Conditions availability(Conditions conditions, Deployment deployment, DeploymentStatus counts, Instant now) {
        int needed = Sizes.wanted(deployment) - Limits.of(deployment).unavailable();
        return Sizes.orZero(counts.getAvailableReplicas()) >= needed
                ? conditions.with(
                        Conditions.AVAILABLE,
                        "True",
                        "MinimumReplicasAvailable",
                        "Deployment has minimum availability.",
                        now)
                : conditions.with(
                        Conditions.AVAILABLE,
                        "False",
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.",
                        now);
    }

    /** Shows why Pods cannot be created, best of all those of the present template. */
    static Conditions replicaFailure(
            Conditions conditions, Optional<ReplicaSet> inCharge, List<ReplicaSet> old, Instant now) {
        return inCharge.flatMap(Counts::failure)
                .or(() -> old.stream().flatMap(set -> failure(set).stream()).findFirst())
                .map(failure -> conditions.with(
                        Conditions.REPLICA_FAILURE,
                        failure.getStatus(),
                        failure.getReason(),
                        failure.getMessage(),
                        now))
                .orElseGet(() -> conditions.without(Conditions.REPLICA_FAILURE));
    }

    private static Optional<ReplicaSetCondition> failure(ReplicaSet set) {
        return set.getStatus() == null
                ? Optional.empty()
                : set.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals(Conditions.REPLICA_FAILURE))
                        .findFirst();
    }
}
