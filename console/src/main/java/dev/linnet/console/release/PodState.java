package dev.linnet.console.release;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;

/**
 * A Pod in a list.
 *
 * @param word  its phase, or why a container waits
 * @param since when it was made, as the API writes it
 */
public record PodState(String name, String word, boolean ready, int restarts, String since) {

    public static PodState of(Pod pod) {
        List<ContainerStatus> containers =
                pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
        int restarts = containers.stream()
                .mapToInt(container -> Objects.requireNonNullElse(container.getRestartCount(), 0))
                .sum();
        boolean ready = !containers.isEmpty()
                && containers.stream().allMatch(container -> Boolean.TRUE.equals(container.getReady()));
        return new PodState(
                pod.getMetadata().getName(),
                word(pod, containers),
                ready,
                restarts,
                pod.getMetadata().getCreationTimestamp());
    }

    /** As kubectl says it, in short. */
    private static String word(Pod pod, List<ContainerStatus> containers) {
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return "Terminating";
        }
        return containers.stream()
                .map(ContainerStatus::getState)
                .filter(state -> state != null && state.getWaiting() != null)
                .map(state -> state.getWaiting().getReason())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() ->
                        pod.getStatus() == null ? "Pending" : pod.getStatus().getPhase());
    }
}
