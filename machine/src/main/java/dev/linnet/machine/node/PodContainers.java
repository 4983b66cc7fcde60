package dev.linnet.machine.node;

import dev.linnet.machine.node.status.ContainerView;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The containers of a Pod, in order. */
record PodContainers(List<ContainerLoop> init, List<ContainerLoop> main) {
    PodContainers {
        init = List.copyOf(init);
        main = List.copyOf(main);
    }

    /** @param changed called after each change of a container */
    static PodContainers of(PodRecord record, PodVoice voice, InstantSource clock, Runnable changed) {
        return new Making(record.pod(), voice, clock, changed).make();
    }

    List<ContainerLoop> all() {
        List<ContainerLoop> all = new ArrayList<>(init);
        all.addAll(main);
        return all;
    }

    private record Making(Pod pod, PodVoice voice, InstantSource clock, Runnable changed) {
        PodContainers make() {
            RestartPolicy policy = RestartPolicy.of(pod);
            return new PodContainers(
                    pod.getSpec().getInitContainers().stream()
                            .map(container -> init(container, policy.forInit()))
                            .toList(),
                    pod.getSpec().getContainers().stream()
                            .map(container -> main(container, policy))
                            .toList());
        }

        private ContainerLoop init(Container container, RestartPolicy policy) {
            boolean sidecar = RestartPolicy.isSidecar(container);
            String path = "spec.initContainers{" + container.getName() + "}";
            ContainerRole role = new ContainerRole(container, path, sidecar ? RestartPolicy.ALWAYS : policy, sidecar);
            return loop(
                    role, pod.getStatus() == null ? List.of() : pod.getStatus().getInitContainerStatuses());
        }

        private ContainerLoop main(Container container, RestartPolicy policy) {
            ContainerRole role =
                    new ContainerRole(container, "spec.containers{" + container.getName() + "}", policy, true);
            return loop(
                    role, pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses());
        }

        private ContainerLoop loop(ContainerRole role, List<ContainerStatus> earlier) {
            String image = role.container().getImage();
            ContainerView first = earlier.stream()
                    .filter(status -> status.getName().equals(role.name()))
                    .findFirst()
                    .map(status -> ContainerView.leftBehind(status, image, clock.instant()))
                    .orElseGet(() -> ContainerView.fresh(role.name(), image, waitingReason()));
            return new ContainerLoop(role, voice, clock, first, changed);
        }

        private String waitingReason() {
            return pod.getSpec().getInitContainers().isEmpty() ? "ContainerCreating" : "PodInitializing";
        }
    }
}
