package dev.linnet.machine.replicaset;

import dev.linnet.machine.control.PodReadiness;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a ReplicaSet's status says about its Pods. */
final class ReplicaSetStatuses {
    private static final String REPLICA_FAILURE = "ReplicaFailure";

    private ReplicaSetStatuses() {}

    /**
     * Why Pods could not be created or deleted.
     *
     * @param reason FailedCreate or FailedDelete
     */
    record Failure(String reason, String message) {}

    /** @param pods the active Pods that the set controls */
    static ReplicaSetStatus of(ReplicaSet set, List<Pod> pods, Optional<Failure> failure, Instant now) {
        Duration minReady = minReady(set);
        return new ReplicaSetStatusBuilder()
                .withReplicas(pods.size())
                .withFullyLabeledReplicas(present(
                        pods.stream().filter(pod -> isFullyLabeled(set, pod)).count()))
                .withReadyReplicas(
                        present(pods.stream().filter(PodReadiness::isReady).count()))
                .withAvailableReplicas(present(pods.stream()
                        .filter(pod -> PodReadiness.isAvailable(pod, minReady, now))
                        .count()))
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withConditions(conditions(set, failure, now))
                .build();
    }

    static Duration minReady(ReplicaSet set) {
        Integer seconds = set.getSpec().getMinReadySeconds();
        return Duration.ofSeconds(seconds == null ? 0 : seconds);
    }

    private static @Nullable Integer present(long count) {
        return count == 0 ? null : Math.toIntExact(count);
    }

    private static boolean isFullyLabeled(ReplicaSet set, Pod pod) {
        var template = set.getSpec().getTemplate().getMetadata();
        Map<String, String> wanted = template == null ? null : template.getLabels();
        Map<String, String> present = pod.getMetadata().getLabels();
        return wanted == null || (present != null && present.entrySet().containsAll(wanted.entrySet()));
    }

    private static List<ReplicaSetCondition> conditions(ReplicaSet set, Optional<Failure> failure, Instant now) {
        List<ReplicaSetCondition> before =
                set.getStatus() == null ? List.of() : set.getStatus().getConditions();
        Optional<ReplicaSetCondition> told = before.stream()
                .filter(condition -> condition.getType().equals(REPLICA_FAILURE))
                .findFirst();
        if (failure.isEmpty()) {
            return List.of();
        }
        // The first failure stays until it is over, so that a message that varies makes no write after write.
        return List.of(told.orElseGet(() -> new ReplicaSetConditionBuilder()
                .withType(REPLICA_FAILURE)
                .withStatus("True")
                .withReason(failure.get().reason())
                .withMessage(failure.get().message())
                .withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .build()));
    }
}
