package dev.linnet.rollout.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import dev.linnet.rollout.evidence.WorkloadStatus.OfDaemonSet;
import dev.linnet.rollout.evidence.WorkloadStatus.OfDeployment;
import dev.linnet.rollout.evidence.WorkloadStatus.OfRevision;
import dev.linnet.rollout.evidence.WorkloadStatus.Pods;
import dev.linnet.rollout.plan.Names;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class WorkloadStatusTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Names NAMES = new Names("podinfo", "test", "podinfo", "podinfo");

    @Test
    void aDeploymentIsReadyWhenAllItsPodsAreUpdatedAndAvailable() {
        assertThat(primary(deployment(new Pods(2, 2, 2, 2)), 100)).isEqualTo(new Readiness.Ready());
        assertThat(primary(deployment(new Pods(3, 3, 3, 2)), 75)).isEqualTo(new Readiness.Ready());
    }

    @Test
    void aDeploymentSaysInFlaggersWordsWhatItWaitsFor() {
        assertThat(primary(new OfDeployment(false, new Pods(2, 2, 2, 2), false, Instant.MAX), 100))
                .isEqualTo(retriable(
                        "podinfo-primary.test not ready: waiting for rollout to finish: observed deployment generation"
                                + " less than desired generation",
                        true));
        assertThat(primary(deployment(new Pods(1, 1, 0, 1)), 100))
                .isEqualTo(retriable(
                        "podinfo-primary.test not ready: waiting for rollout to finish: 0 out of 1 new replicas have"
                                + " been updated",
                        true));
        assertThat(canary(deployment(new Pods(2, 3, 2, 2)), 100))
                .isEqualTo(retriable(
                        "canary deployment podinfo.test not ready: waiting for rollout to finish: 1 old replicas are"
                                + " pending termination",
                        true));
        assertThat(canary(deployment(new Pods(2, 2, 2, 0)), 100))
                .isEqualTo(retriable(
                        "canary deployment podinfo.test not ready: waiting for rollout to finish: 0 of 2"
                                + " (readyThreshold 100%) updated replicas are available",
                        false));
    }

    @Test
    void aDeploymentHasItsOwnDeadlineAndTheCanarys() {
        assertThat(primary(new OfDeployment(true, new Pods(2, 2, 2, 1), true, Instant.MAX), 100))
                .isEqualTo(new Readiness.NotReady(
                        "podinfo-primary.test not ready: deployment \"podinfo-primary\" exceeded its progress deadline",
                        false,
                        true));
        assertThat(canary(unavailableFor(Duration.ofSeconds(60)), 100))
                .isInstanceOfSatisfying(
                        Readiness.NotReady.class,
                        waits -> assertThat(waits.retriable()).isTrue());
        assertThat(canary(unavailableFor(Duration.ofSeconds(61)), 100))
                .isInstanceOfSatisfying(
                        Readiness.NotReady.class,
                        ends -> assertThat(ends.retriable()).isFalse());
    }

    @Test
    void aDaemonSetSaysItInItsWay() {
        assertThat(primary(daemonSet(new Pods(3, 3, 1, 3), NOW), 100))
                .isEqualTo(retriable(
                        "primary daemonset podinfo-primary.test not ready: waiting for rollout to finish: 1 out of 3"
                                + " new pods have been updated",
                        true));
        assertThat(canary(daemonSet(new Pods(3, 3, 3, 0), NOW), 100))
                .isEqualTo(retriable(
                        "canary damonset podinfo.test not ready with retryable true: waiting for rollout to finish: 0"
                                + " of 3 (readyThreshold 100%) updated pods are available",
                        false));
        assertThat(canary(daemonSet(new Pods(3, 3, 3, 1), NOW.minusSeconds(61)), 100))
                .isEqualTo(new Readiness.NotReady(
                        "canary damonset podinfo.test not ready with retryable false: exceeded its"
                                + " progressDeadlineSeconds: 60",
                        false,
                        true));
        assertThat(canary(daemonSet(new Pods(3, 3, 3, 3), NOW), 100)).isEqualTo(new Readiness.Ready());
    }

    @Test
    void aRevisionHasTheCanarysDeadlineOnly() {
        assertThat(canary(new OfRevision("podinfo-00002", true, "", NOW.minusSeconds(61)), 100))
                .isEqualTo(new Readiness.Ready());
        assertThat(canary(new OfRevision("podinfo-00002", false, "", NOW.minusSeconds(60)), 100))
                .isEqualTo(retriable("Knative Revision podinfo-00002.test is not ready", false));
        assertThat(canary(new OfRevision("podinfo-00002", false, "no image", NOW.minusSeconds(61)), 100))
                .isEqualTo(new Readiness.NotReady(
                        "Knative Revision podinfo-00002.test is not ready: exceeded its progressDeadlineSeconds: 60:"
                                + " no image",
                        false,
                        false));
    }

    private static OfDeployment deployment(Pods pods) {
        return new OfDeployment(true, pods, false, Instant.MAX);
    }

    private static OfDeployment unavailableFor(Duration time) {
        return new OfDeployment(true, new Pods(1, 1, 1, 0), false, NOW.minus(time));
    }

    private static OfDaemonSet daemonSet(Pods pods, Instant unavailableSince) {
        return new OfDaemonSet(true, pods, unavailableSince);
    }

    private static Readiness retriable(String text, boolean serving) {
        return new Readiness.NotReady(text, true, serving);
    }

    private static Readiness primary(WorkloadStatus status, int threshold) {
        return status.readiness(Side.PRIMARY, NAMES, demand(threshold));
    }

    private static Readiness canary(WorkloadStatus status, int threshold) {
        return status.readiness(Side.CANARY, NAMES, demand(threshold));
    }

    private static Demand demand(int threshold) {
        return new Demand(threshold, Duration.ofMinutes(1), NOW);
    }
}
