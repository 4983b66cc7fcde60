package dev.linnet.machine.node.status;

import dev.linnet.machine.node.status.ContainerState.Running;
import dev.linnet.machine.node.status.ContainerState.Terminated;
import dev.linnet.machine.node.status.ContainerState.Waiting;
import java.util.List;

/** The one word about a Pod, computed as kubelet does. */
public enum PodPhase {
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String text;

    PodPhase(String text) {
        this.text = text;
    }

    /** {@code Pending}. */
    public String text() {
        return text;
    }

    /** Whether nothing of this Pod will ever run again. */
    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED;
    }

    /** @param restartPolicy {@code Always}, {@code OnFailure} or {@code Never} */
    static PodPhase of(List<ContainerView> init, List<ContainerView> main, String restartPolicy) {
        for (ContainerView container : init) {
            if (container.state() instanceof Terminated ended
                    && ended.exitCode() != 0
                    && restartPolicy.equals("Never")) {
                return FAILED;
            }
        }
        if (main.stream().anyMatch(PodPhase::neverRan)) {
            return PENDING;
        }
        if (main.stream().anyMatch(container -> container.state() instanceof Running)
                || restartPolicy.equals("Always")) {
            return RUNNING;
        }
        if (main.stream().allMatch(container -> lastEnd(container) == 0)) {
            return SUCCEEDED;
        }
        return restartPolicy.equals("Never") ? FAILED : RUNNING;
    }

    private static boolean neverRan(ContainerView container) {
        return container.state() instanceof Waiting && container.last().isEmpty();
    }

    private static int lastEnd(ContainerView container) {
        return container.state() instanceof Terminated ended
                ? ended.exitCode()
                : container.last().map(Terminated::exitCode).orElse(0);
    }
}
