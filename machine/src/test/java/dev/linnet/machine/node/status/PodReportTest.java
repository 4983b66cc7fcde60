package dev.linnet.machine.node.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.node.status.ContainerState.Running;
import dev.linnet.machine.node.status.ContainerState.Terminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReportTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ContainerView FRESH = ContainerView.fresh("app", "echo:1", "ContainerCreating");
    private static final ContainerView RUNS = FRESH.running(new Running(NOON)).probed(true, false);
    private static final ContainerView READY = RUNS.probed(true, true);

    private Pod pod = pod("Always");

    @Test
    void isPendingUntilAllContainersRun() {
        assertThat(report(FRESH).phaseNow()).isEqualTo(PodPhase.PENDING);
        assertThat(report(RUNS, FRESH).phaseNow()).isEqualTo(PodPhase.PENDING);
        assertThat(report(RUNS).phaseNow()).isEqualTo(PodPhase.RUNNING);
    }

    @Test
    void staysRunningWhileACrashedContainerWaits() {
        ContainerView crashed = FRESH.terminated(ended(1)).again("CrashLoopBackOff", "back-off 10s");

        assertThat(report(crashed).phaseNow()).isEqualTo(PodPhase.RUNNING);
        ContainerStatus status =
                report(crashed.restarted()).status(NOON).getContainerStatuses().getFirst();
        assertThat(status.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
        assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(1);
        assertThat(status.getRestartCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Always, 0, RUNNING",
        "Always, 1, RUNNING",
        "OnFailure, 0, SUCCEEDED",
        "OnFailure, 1, RUNNING",
        "Never, 0, SUCCEEDED",
        "Never, 1, FAILED",
    })
    void readsAnEndByTheRestartPolicy(String policy, int exitCode, PodPhase phase) {
        pod = pod(policy);

        assertThat(report(FRESH.terminated(ended(exitCode))).phaseNow()).isEqualTo(phase);
    }

    @Test
    void failsWithAnInitContainerThatMayNotBeStartedAgain() {
        pod = pod("Never");
        PodReport report = new PodReport(
                pod,
                List.of(FRESH.terminated(ended(1))),
                List.of(FRESH),
                Optional.empty(),
                "127.70.127.1",
                NOON,
                false);

        assertThat(report.phaseNow()).isEqualTo(PodPhase.FAILED);
        assertThat(condition(report.status(NOON), "Ready").getReason()).isEqualTo("PodFailed");
    }

    @Test
    void isReadyWhenAllContainersAre() {
        PodStatus unready = report(READY, RUNS).status(NOON);
        assertThat(condition(unready, "Ready").getStatus()).isEqualTo("False");
        assertThat(condition(unready, "Ready").getReason()).isEqualTo("ContainersNotReady");
        assertThat(condition(unready, "Ready").getMessage()).isEqualTo("containers with unready status: [app]");

        PodStatus ready = report(READY, READY).status(NOON);
        assertThat(condition(ready, "Ready").getStatus()).isEqualTo("True");
        assertThat(condition(ready, "ContainersReady").getStatus()).isEqualTo("True");
        assertThat(condition(ready, "Initialized").getStatus()).isEqualTo("True");
        assertThat(condition(ready, "PodScheduled").getStatus()).isEqualTo("True");
    }

    @Test
    void isNotReadyFromTheMomentItIsToEnd() {
        PodReport ending =
                new PodReport(pod, List.of(), List.of(READY), Optional.of("127.70.0.2"), "127.70.127.1", NOON, true);

        assertThat(ending.isReady()).isFalse();
        assertThat(ending.status(NOON).getContainerStatuses().getFirst().getReady())
                .isFalse();
    }

    @Test
    void waitsForReadinessGatesAndLeavesTheConditionsOfOthersAlone() {
        pod = new PodBuilder(pod)
                .editSpec()
                .addNewReadinessGate("example.com/gate")
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("example.com/gate")
                .withStatus("False")
                .endCondition()
                .endStatus()
                .build();
        assertThat(condition(report(READY).status(NOON), "Ready").getReason()).isEqualTo("ReadinessGatesNotReady");

        pod.getStatus().getConditions().getFirst().setStatus("True");

        PodStatus open = report(READY).status(NOON);
        assertThat(condition(open, "Ready").getStatus()).isEqualTo("True");
        assertThat(condition(open, "example.com/gate").getStatus()).isEqualTo("True");
    }

    @Test
    void keepsTheTimeOfConditionsThatDoNotChange() {
        pod = new PodBuilder(pod).withStatus(report(RUNS).status(NOON)).build();

        PodStatus later = report(READY).status(NOON.plusSeconds(60));

        assertThat(condition(later, "Initialized").getLastTransitionTime()).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(condition(later, "Ready").getLastTransitionTime()).isEqualTo("2026-01-01T12:01:00Z");
    }

    @Test
    void knowsThatContainersOfAFormerProcessHaveEndedWithIt() {
        ContainerStatus running =
                report(READY).status(NOON).getContainerStatuses().getFirst();

        ContainerView left = ContainerView.leftBehind(running, "echo:1", NOON.plusSeconds(5));

        assertThat(left.ready()).isFalse();
        assertThat(left.state()).isInstanceOfSatisfying(Terminated.class, lost -> {
            assertThat(lost.exitCode()).isEqualTo(137);
            assertThat(lost.reason()).isEqualTo("ContainerStatusUnknown");
        });
        assertThat(left.again("ContainerCreating", "").restarted().restarts()).isEqualTo(1);
    }

    @Test
    void keepsTheEndOfAContainerThatHadEndedBefore() {
        ContainerStatus done = report(FRESH.terminated(ended(0)))
                .status(NOON)
                .getContainerStatuses()
                .getFirst();

        assertThat(ContainerView.leftBehind(done, "echo:1", NOON).state()).isEqualTo(ended(0));
    }

    @Test
    void classesAPodByItsRequests() {
        assertThat(qos("{}")).isEqualTo("BestEffort");
        assertThat(qos("{requests: {cpu: 1}}")).isEqualTo("Burstable");
        assertThat(qos("{limits: {cpu: 1, memory: 1Gi}}")).isEqualTo("Guaranteed");
        assertThat(qos("{limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 500m, memory: 1Gi}}"))
                .isEqualTo("Burstable");
    }

    private static String qos(String resources) {
        return QosClass.of(Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: app, resources: " + resources + "}]}",
                Pod.class));
    }

    private PodReport report(ContainerView... main) {
        return new PodReport(pod, List.of(), List.of(main), Optional.of("127.70.0.2"), "127.70.127.1", NOON, false);
    }

    private static Terminated ended(int exitCode) {
        return Terminated.exited(exitCode, "", NOON, NOON);
    }

    private static PodCondition condition(PodStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static Pod pod(String restartPolicy) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("web")
                .withUid("u-1")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(restartPolicy)
                .endSpec()
                .build();
    }
}
