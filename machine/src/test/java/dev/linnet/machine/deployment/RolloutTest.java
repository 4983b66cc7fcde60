package dev.linnet.machine.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {

    @Test
    void createsTheFirstVersionAtFullSizeAndSaysWhenItIsThere() {
        SimulatedCluster cluster = new SimulatedCluster(3, "25%", "25%");

        cluster.reconcile();
        assertThat(cluster.told).containsExactly("create web:1 3");
        assertThat(cluster.reason("Progressing")).isEqualTo("True NewReplicaSetCreated");
        assertThat(cluster.reason("Available")).isEqualTo("False MinimumReplicasUnavailable");

        cluster.podsFollow();
        cluster.settle();
        assertThat(cluster.reason("Progressing")).isEqualTo("True NewReplicaSetAvailable");
        assertThat(cluster.reason("Available")).isEqualTo("True MinimumReplicasAvailable");
        assertThat(cluster.deployment.getStatus().getReadyReplicas()).isEqualTo(3);
        assertThat(cluster.deployment.getStatus().getUnavailableReplicas()).isNull();
        assertThat(cluster.deployment.getMetadata().getAnnotations()).containsEntry(Revisions.REVISION, "1");
        assertThat(cluster.set("web:1").getMetadata().getAnnotations())
                .containsEntry(Revisions.DESIRED, "3")
                .containsEntry(Revisions.MAX, "4");
    }

    @ParameterizedTest
    @CsvSource({"1,25%,25%", "3,1,0", "4,0,1", "10,25%,25%", "7,100%,0", "5,0,100%", "20,3,50%", "2,0,0"})
    void replacesEveryPodWithoutLeavingItsLimits(int replicas, String surge, String unavailable) {
        SimulatedCluster cluster = new SimulatedCluster(replicas, surge, unavailable);
        cluster.settle();
        cluster.setImage("web:2");
        Limits limits = Limits.of(cluster.deployment);

        while (cluster.size("web:2") < replicas || cluster.size("web:1") > 0) {
            String before = cluster.told.toString();
            cluster.reconcile();
            assertThat(cluster.total()).isLessThanOrEqualTo(replicas + limits.surge());
            assertThat(cluster.available()).isGreaterThanOrEqualTo(replicas - limits.unavailable());
            cluster.podsFollow();
            assertThat(cluster.told.toString()).as("each step moves").isNotEqualTo(before);
        }
        cluster.settle();
        assertThat(cluster.reason("Progressing")).isEqualTo("True NewReplicaSetAvailable");
    }

    @Test
    void aVersionThatNeverWorksStopsAtTheLimitsAndIsToldAfterTheDeadline() {
        SimulatedCluster cluster = new SimulatedCluster(4, "25%", "25%");
        cluster.settle();
        cluster.works = image -> !image.equals("web:bad");
        cluster.setImage("web:bad");
        cluster.settle();

        assertThat(cluster.available()).isEqualTo(3);
        assertThat(cluster.total()).isEqualTo(5);
        Duration again = cluster.plan().again();
        assertThat(again).isBetween(Duration.ofSeconds(500), Duration.ofSeconds(601));

        cluster.now = cluster.now.plus(again);
        cluster.reconcile();
        assertThat(cluster.reason("Progressing")).isEqualTo("False ProgressDeadlineExceeded");
        assertThat(cluster.plan().again()).isNegative();
    }

    @Test
    void replacesABrokenVersionThoughNoneOfItsPodsEverServed() {
        SimulatedCluster cluster = new SimulatedCluster(4, "25%", "25%");
        cluster.settle();
        cluster.works = image -> !image.equals("web:bad");
        cluster.setImage("web:bad");
        cluster.settle();

        cluster.setImage("web:3");
        cluster.settle();
        assertThat(cluster.size("web:3")).isEqualTo(4);
        assertThat(cluster.total()).isEqualTo(4);
    }

    @Test
    void goingBackReusesTheOldReplicaSetUnderANewRevision() {
        SimulatedCluster cluster = new SimulatedCluster(2, "1", "0");
        cluster.settle();
        cluster.setImage("web:2");
        cluster.settle();
        cluster.setImage("web:1");
        cluster.settle();

        assertThat(cluster.sets).hasSize(2);
        assertThat(cluster.size("web:1")).isEqualTo(2);
        assertThat(cluster.set("web:1").getMetadata().getAnnotations())
                .containsEntry(Revisions.REVISION, "3")
                .containsEntry(Revisions.HISTORY, "1");
        assertThat(cluster.deployment.getMetadata().getAnnotations()).containsEntry(Revisions.REVISION, "3");
        assertThat(cluster.reason("Progressing")).isEqualTo("True NewReplicaSetAvailable");
    }

    @Test
    void aPausedDeploymentIsScaledButNotRolledOut() {
        SimulatedCluster cluster = new SimulatedCluster(3, "1", "0");
        cluster.settle();
        cluster.edit(each -> each.editSpec().withPaused(true).endSpec());
        cluster.setImage("web:2");
        cluster.settle();
        assertThat(cluster.size("web:1")).isEqualTo(3);
        assertThat(cluster.reason("Progressing")).isEqualTo("Unknown DeploymentPaused");
        assertThat(cluster.deployment.getStatus().getUpdatedReplicas()).isNull();

        cluster.scale(5);
        cluster.settle();
        assertThat(cluster.size("web:1")).isEqualTo(5);

        cluster.edit(each -> each.editSpec().withPaused(false).endSpec());
        cluster.settle();
        assertThat(cluster.size("web:2")).isEqualTo(5);
        assertThat(cluster.size("web:1")).isZero();
        assertThat(cluster.reason("Progressing")).isEqualTo("True NewReplicaSetAvailable");
    }

    @Test
    void recreateStopsAllOldPodsBeforeTheFirstNewOne() {
        SimulatedCluster cluster = new SimulatedCluster(3, "1", "0");
        cluster.edit(each -> each.editSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .endSpec());
        cluster.settle();
        cluster.setImage("web:2");

        cluster.reconcile();
        assertThat(cluster.size("web:1")).isZero();
        cluster.reconcile();
        assertThat(cluster.has("web:2")).as("old Pods are still there").isFalse();

        cluster.podsFollow();
        cluster.settle();
        assertThat(cluster.size("web:2")).isEqualTo(3);
    }

    @Test
    void scalingInTheMiddleOfARolloutKeepsTheProportions() {
        SimulatedCluster cluster = new SimulatedCluster(10, "3", "2");
        cluster.settle();
        cluster.works = image -> !image.equals("web:2");
        cluster.setImage("web:2");
        cluster.settle();
        assertThat(cluster.size("web:1")).isEqualTo(8);
        assertThat(cluster.size("web:2")).isEqualTo(5);

        cluster.scale(15);
        cluster.reconcile();
        // The Kubernetes documentation's own example: of the five added, three and two.
        assertThat(cluster.size("web:1")).isEqualTo(11);
        assertThat(cluster.size("web:2")).isEqualTo(7);
    }

    @Test
    void scalesToZeroAndBackWithoutANewVersion() {
        SimulatedCluster cluster = new SimulatedCluster(3, "1", "0");
        cluster.settle();
        cluster.scale(0);
        cluster.settle();
        assertThat(cluster.total()).isZero();
        cluster.scale(2);
        cluster.settle();
        assertThat(cluster.size("web:1")).isEqualTo(2);
        assertThat(cluster.sets).hasSize(1);
        assertThat(cluster.deployment.getMetadata().getAnnotations()).containsEntry(Revisions.REVISION, "1");
    }

    @Test
    void keepsAsManyOldVersionsAsTheHistoryLimitSays() {
        SimulatedCluster cluster = new SimulatedCluster(1, "1", "0");
        cluster.edit(each -> each.editSpec().withRevisionHistoryLimit(2).endSpec());
        for (int version = 1; version <= 5; version++) {
            cluster.setImage("web:" + version);
            cluster.settle();
        }
        assertThat(cluster.sets.values())
                .extracting(SimulatedCluster::image)
                .containsExactly("web:3", "web:4", "web:5");
    }

    @Test
    void passesAnnotationsAndMinReadySecondsOnInOneWrite() {
        SimulatedCluster cluster = new SimulatedCluster(1, "1", "0");
        cluster.settle();
        cluster.edit(each -> each.editMetadata()
                .addToAnnotations(Map.of(
                        "kubernetes.io/change-cause",
                        "a reason",
                        "kubectl.kubernetes.io/last-applied-configuration",
                        "{}"))
                .endMetadata()
                .editSpec()
                .withMinReadySeconds(5)
                .endSpec());

        Plan plan = cluster.reconcile();
        assertThat(plan.steps()).hasSize(1);
        assertThat(cluster.set("web:1").getSpec().getMinReadySeconds()).isEqualTo(5);
        assertThat(cluster.set("web:1").getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/change-cause", "a reason")
                .doesNotContainKey("kubectl.kubernetes.io/last-applied-configuration");
    }

    @Test
    void doesNotCountPodsTwiceThatWereToldToGoWhenStatusesAreBehind() {
        SimulatedCluster cluster = new SimulatedCluster(4, "2", "0");
        cluster.settle();
        cluster.setImage("web:2");
        cluster.reconcile();
        cluster.podsFollow();
        cluster.reconcile();
        assertThat(cluster.size("web:1")).isEqualTo(2);

        // The old ReplicaSet's status still says 4 available; its spec says 2.
        cluster.reconcile();
        cluster.reconcile();
        assertThat(cluster.available()).isGreaterThanOrEqualTo(4);
    }
}
