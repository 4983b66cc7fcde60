package dev.linnet.manifests.flagger;

import dev.linnet.rollout.evidence.WorkloadStatus.OfDaemonSet;
import dev.linnet.rollout.evidence.WorkloadStatus.Pods;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A DaemonSet's status as what the rules of readiness ask for. */
public final class DaemonSetStatuses {
    private DaemonSetStatuses() {}

    /** @param unavailableSince since when it has not been ready, which its status does not say */
    public static OfDaemonSet of(DaemonSet daemonSet, Instant unavailableSince) {
        DaemonSetStatus status = Objects.requireNonNullElseGet(daemonSet.getStatus(), DaemonSetStatus::new);
        Pods pods = new Pods(
                number(status.getDesiredNumberScheduled()),
                number(status.getCurrentNumberScheduled()),
                number(status.getUpdatedNumberScheduled()),
                number(status.getNumberAvailable()));
        boolean observed = Objects.requireNonNullElse(status.getObservedGeneration(), 0L)
                >= Objects.requireNonNullElse(daemonSet.getMetadata().getGeneration(), 0L);
        return new OfDaemonSet(observed, pods, unavailableSince);
    }

    private static int number(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
