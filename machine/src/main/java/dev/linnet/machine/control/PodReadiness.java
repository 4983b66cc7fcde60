package dev.linnet.machine.control;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What controllers ask about a Pod's state. */
public final class PodReadiness {
    private PodReadiness() {}

    public static boolean isReady(Pod pod) {
        return readyCondition(pod)
                .filter(condition -> "True".equals(condition.getStatus()))
                .isPresent();
    }

    private static Optional<PodCondition> readyCondition(Pod pod) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        return pod.getStatus().getConditions().stream()
                .filter(condition -> "Ready".equals(condition.getType()))
                .findFirst();
    }

    /** When the Pod became ready or stopped being it; the beginning of time when it does not say. */
    public static Instant readySince(Pod pod) {
        return readyCondition(pod)
                .map(PodCondition::getLastTransitionTime)
                .map(Instant::parse)
                .orElse(Instant.EPOCH);
    }

    /** Ready for at least {@code minReady}. */
    public static boolean isAvailable(Pod pod, Duration minReady, Instant now) {
        return isReady(pod)
                && (minReady.isZero() || !readySince(pod).plus(minReady).isAfter(now));
    }

    /** How long until the next ready Pod has been so for {@code minReady}, or {@link Reconciler#NOT_AGAIN}. */
    public static Duration nextAvailable(List<Pod> pods, Duration minReady, Instant now) {
        return pods.stream()
                .filter(PodReadiness::isReady)
                .map(pod -> Duration.between(now, readySince(pod).plus(minReady)))
                .filter(left -> !minReady.isZero() && left.isPositive())
                .min(Duration::compareTo)
                .orElse(Reconciler.NOT_AGAIN);
    }

    /** It still runs or will run: neither ended nor told to end. */
    public static boolean isActive(Pod pod) {
        return !isFinished(pod) && !Owners.isBeingDeleted(pod);
    }

    /** All its containers have ended for good. */
    public static boolean isFinished(Pod pod) {
        String phase = phase(pod);
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    public static String phase(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getPhase() == null
                ? "Pending"
                : pod.getStatus().getPhase();
    }
}
