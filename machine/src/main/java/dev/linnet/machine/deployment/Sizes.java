package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.util.Collection;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** How many Pods: wanted by the spec, and there by the status. Kubernetes leaves zeroes out, so absent is zero. */
final class Sizes {
    private Sizes() {}

    static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }

    /** Absent replicas mean one. */
    static int wanted(Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    static int wanted(ReplicaSet set) {
        Integer replicas = set.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    static int actual(ReplicaSet set) {
        return fromStatus(set, status -> orZero(status.getReplicas()));
    }

    static int ready(ReplicaSet set) {
        return fromStatus(set, status -> orZero(status.getReadyReplicas()));
    }

    static int available(ReplicaSet set) {
        return fromStatus(set, status -> orZero(status.getAvailableReplicas()));
    }

    /**
     * Available Pods that stay when the set has the size its spec says: a status that is a moment behind still counts Pods
     * that were already told to go.
     */
    static int lastingAvailable(ReplicaSet set) {
        return Math.min(wanted(set), available(set));
    }

    private static int fromStatus(ReplicaSet set, ToIntFunction<ReplicaSetStatus> count) {
        return set.getStatus() == null ? 0 : count.applyAsInt(set.getStatus());
    }

    static int sum(Collection<ReplicaSet> sets, ToIntFunction<ReplicaSet> count) {
        return sets.stream().mapToInt(count).sum();
    }
}
