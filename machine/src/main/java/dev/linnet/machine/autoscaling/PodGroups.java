package dev.linnet.machine.autoscaling;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pods by what their usage says: only that of Pods that work says how many are needed.
 *
 * @param ready   working and measured
 * @param unready not working yet: their usage says nothing
 * @param missing working, but not measured
 */
record PodGroups(List<Pod> ready, List<Pod> unready, List<Pod> missing) {
    /** Kubernetes' defaults: how long a Pod may take to begin to work, during which it uses more CPU than later. */
    private static final Duration CPU_INITIALIZATION = Duration.ofMinutes(5);

    private static final Duration INITIAL_READINESS = Duration.ofSeconds(30);

    PodGroups {
        ready = List.copyOf(ready);
        unready = List.copyOf(unready);
        missing = List.copyOf(missing);
    }

    static PodGroups of(List<Pod> pods, Usage.Known usage, String resource, Instant now) {
        List<Pod> ready = new ArrayList<>();
        List<Pod> unready = new ArrayList<>();
        List<Pod> missing = new ArrayList<>();
        for (Pod pod : pods) {
            String phase = pod.getStatus() == null ? "Pending" : pod.getStatus().getPhase();
            Usage.OfPod measured = usage.pods().get(pod.getMetadata().getName());
            if (pod.getMetadata().getDeletionTimestamp() != null || "Failed".equals(phase)) {
                continue;
            }
            if ("Pending".equals(phase)) {
                unready.add(pod);
            } else if (measured == null) {
                missing.add(pod);
            } else if (resource.equals("cpu") && isUnready(pod, measured, now)) {
                unready.add(pod);
            } else {
                ready.add(pod);
            }
        }
        return new PodGroups(ready, unready, missing);
    }

    private static boolean isUnready(Pod pod, Usage.OfPod measured, Instant now) {
        Optional<PodCondition> condition = pod.getStatus().getConditions().stream()
                .filter(each -> each.getType().equals("Ready"))
                .findFirst();
        if (condition.isEmpty() || pod.getStatus().getStartTime() == null) {
            return true;
        }
        boolean isReady = !"False".equals(condition.get().getStatus());
        Instant started = time(pod.getStatus().getStartTime());
        Instant changed = time(condition.get().getLastTransitionTime());
        if (started.plus(CPU_INITIALIZATION).isAfter(now)) {
            return !isReady || measured.at().isBefore(changed.plus(measured.window()));
        }
        return !isReady && started.plus(INITIAL_READINESS).isAfter(changed);
    }

    private static Instant time(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}
