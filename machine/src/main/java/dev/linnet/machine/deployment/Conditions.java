package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a Deployment, one per type.
 *
 * @param all in the order in which they first appeared
 */
record Conditions(List<DeploymentCondition> all) {
    static final String AVAILABLE = "Available";
    static final String PROGRESSING = "Progressing";
    static final String REPLICA_FAILURE = "ReplicaFailure";

    Conditions {
        all = List.copyOf(all);
    }

    /** The reasons of {@link #PROGRESSING}, as {@code kubectl rollout status} knows them. */
    static final class Reason {
        static final String CREATED = "NewReplicaSetCreated";
        static final String FOUND = "FoundNewReplicaSet";
        static final String UPDATED = "ReplicaSetUpdated";
        static final String COMPLETE = "NewReplicaSetAvailable";
        static final String TIMED_OUT = "ProgressDeadlineExceeded";
        static final String CREATE_FAILED = "ReplicaSetCreateError";
        static final String PAUSED = "DeploymentPaused";
        static final String RESUMED = "DeploymentResumed";

        private Reason() {}
    }

    Optional<DeploymentCondition> get(String type) {
        return all.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    boolean has(String type, String reason) {
        return get(type)
                .filter(condition -> reason.equals(condition.getReason()))
                .isPresent();
    }

    /** Sets a condition, unless it says the same already: then its times and message stay. */
    Conditions with(String type, String status, String reason, String message, Instant now) {
        Optional<DeploymentCondition> before = get(type);
        boolean same = before.filter(
                        condition -> status.equals(condition.getStatus()) && reason.equals(condition.getReason()))
                .isPresent();
        return same ? this : withFresh(type, status, reason, message, now);
    }

    /** Sets a condition and says that it was looked at now, even if it says the same; progress is told in this way. */
    Conditions withFresh(String type, String status, String reason, String message, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        String since = get(type)
                .filter(condition -> status.equals(condition.getStatus()))
                .map(DeploymentCondition::getLastTransitionTime)
                .orElse(time);
        DeploymentCondition condition = new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastUpdateTime(time)
                .withLastTransitionTime(since)
                .build();
        List<DeploymentCondition> changed = new ArrayList<>(all);
        changed.replaceAll(each -> each.getType().equals(type) ? condition : each);
        if (get(type).isEmpty()) {
            changed.add(condition);
        }
        return new Conditions(changed);
    }

    Conditions without(String type) {
        return new Conditions(all.stream()
                .filter(condition -> !condition.getType().equals(type))
                .toList());
    }
}
