package dev.linnet.machine.node.status;

import dev.linnet.machine.node.spec.ImageName;
import dev.linnet.machine.node.status.ContainerState.Running;
import dev.linnet.machine.node.status.ContainerState.Terminated;
import dev.linnet.machine.node.status.ContainerState.Waiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that a Pod's status is computed from.
 *
 * @param pod       as the API last told it
 * @param init      its init containers, in order
 * @param main      its containers, in order
 * @param podIp     empty before it has one
 * @param hostIp    of its node
 * @param startedAt when its node took it
 * @param ending    whether it is to end: then nothing of it is ready
 */
public record PodReport(
        Pod pod,
        List<ContainerView> init,
        List<ContainerView> main,
        Optional<String> podIp,
        String hostIp,
        Instant startedAt,
        boolean ending) {

    public PodReport {
        init = List.copyOf(init);
        main = List.copyOf(main);
    }

    /** The phase as it now is. */
    public PodPhase phaseNow() {
        return PodPhase.of(init.stream().filter(view -> !isSidecar(view)).toList(), main, restartPolicy());
    }

    /** How a sidecar ends says nothing about the Pod. */
    private boolean isSidecar(ContainerView view) {
        return pod.getSpec().getInitContainers().stream()
                .anyMatch(container ->
                        container.getName().equals(view.name()) && "Always".equals(container.getRestartPolicy()));
    }

    private String restartPolicy() {
        return Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always");
    }

    /** Whether the Pod wants requests. */
    public boolean isReady() {
        return PodConditions.isReady(this);
    }

    /** The status to write. Conditions keep their transition time as long as they stay what they are in the Pod. */
    public PodStatus status(Instant now) {
        PodStatusBuilder status = new PodStatusBuilder()
                .withPhase(phaseNow().text())
                .withConditions(PodConditions.of(this, now))
                .withHostIP(hostIp)
                .withHostIPs(new HostIP(hostIp))
                .withStartTime(seconds(startedAt))
                .withQosClass(QosClass.of(pod))
                .withInitContainerStatuses(
                        init.stream().map(this::containerStatus).toList())
                .withContainerStatuses(main.stream().map(this::containerStatus).toList());
        podIp.ifPresent(ip -> status.withPodIP(ip).withPodIPs(new PodIP(ip)));
        return status.build();
    }

    private ContainerStatus containerStatus(ContainerView view) {
        ContainerStatusBuilder status = new ContainerStatusBuilder()
                .withName(view.name())
                .withImage(view.image())
                .withImageID(imageId(view))
                .withRestartCount(view.restarts())
                .withStarted(view.started())
                .withReady(view.ready() && !ending)
                .withNewState()
                .endState()
                .withNewLastState()
                .endLastState();
        withState(status, view.state());
        view.last().ifPresent(last -> withLast(status, last));
        if (!(view.state() instanceof Waiting) || view.last().isPresent()) {
            status.withContainerID(containerId(view));
        }
        return status.build();
    }

    private static String imageId(ContainerView view) {
        boolean known = !(view.state() instanceof Waiting) || view.last().isPresent();
        return known ? "linnet://" + ImageName.parse(view.image()).name() : "";
    }

    private String containerId(ContainerView view) {
        return "linnet://" + pod.getMetadata().getUid() + "/" + view.name() + "/" + view.restarts();
    }

    private static void withState(ContainerStatusBuilder status, ContainerState state) {
        switch (state) {
            case Waiting waiting ->
                status.editState()
                        .withNewWaiting(waiting.message().isEmpty() ? null : waiting.message(), waiting.reason())
                        .endState();
            case Running running ->
                status.editState().withNewRunning(seconds(running.startedAt())).endState();
            case Terminated ended ->
                status.editState()
                        .withNewTerminated()
                        .withExitCode(ended.exitCode())
                        .withReason(ended.reason())
                        .withMessage(ended.message().isEmpty() ? null : ended.message())
                        .withStartedAt(seconds(ended.startedAt()))
                        .withFinishedAt(seconds(ended.finishedAt()))
                        .endTerminated()
                        .endState();
        }
    }

    private static void withLast(ContainerStatusBuilder status, Terminated ended) {
        status.editLastState()
                .withNewTerminated()
                .withExitCode(ended.exitCode())
                .withReason(ended.reason())
                .withMessage(ended.message().isEmpty() ? null : ended.message())
                .withStartedAt(seconds(ended.startedAt()))
                .withFinishedAt(seconds(ended.finishedAt()))
                .endTerminated()
                .endLastState();
    }

    static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
