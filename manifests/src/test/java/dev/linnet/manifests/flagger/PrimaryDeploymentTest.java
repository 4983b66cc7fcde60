package dev.linnet.manifests.flagger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.rollout.evidence.Answer.Readiness;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.WorkloadStatus.Demand;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The primary that a target gets, and when either is ready. */
class PrimaryDeploymentTest {
    private static final SelectorLabel APP = new SelectorLabel("app", "podinfo");

    @Test
    void isTheTargetsCopyToldApartByOneLabel() {
        Deployment primary =
                copier(target("3.1.0"), Set.of("configmap/settings")).create(new OwnerReference(), "id-1");

        assertThat(primary.getMetadata().getName()).isEqualTo("podinfo-primary");
        assertThat(primary.getSpec().getSelector().getMatchLabels()).isEqualTo(Map.of("app", "podinfo-primary"));
        assertThat(primary.getSpec().getTemplate().getMetadata().getLabels())
                .isEqualTo(Map.of("app", "podinfo-primary", "tier", "web"));
        assertThat(primary.getSpec().getTemplate().getMetadata().getAnnotations())
                .isEqualTo(Map.of("flagger-id", "id-1"));
        assertThat(primary.getSpec().getReplicas()).isEqualTo(2);
        assertThat(primary.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnvFrom()
                        .getFirst()
                        .getConfigMapRef()
                        .getName())
                .isEqualTo("settings-primary");
    }

    @Test
    void leavesTheTargetAsItIs() {
        Deployment target = target("3.1.0");
        copier(target, Set.of("configmap/settings")).create(new OwnerReference(), "id-1");
        assertThat(target).isEqualTo(target("3.1.0"));
    }

    @Test
    void losesWhatTheTargetLostWhenItIsPromoted() {
        Deployment primary = copier(target("3.1.0"), Set.of()).create(new OwnerReference(), "id-1");
        primary.getSpec().getTemplate().getSpec().setHostname("old");

        Deployment promoted = copier(target("3.1.1"), Set.of()).promote(primary, "id-2");

        assertThat(promoted.getSpec().getTemplate().getSpec().getHostname()).isNull();
        assertThat(promoted.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .endsWith(":3.1.1");
        assertThat(promoted.getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry("flagger-id", "id-2");
    }

    @Test
    void knowsWhetherAPrimaryRunsWhatTheTargetSays() {
        Deployment primary = copier(target("3.1.0"), Set.of()).create(new OwnerReference(), "id-1");
        assertThat(copier(target("3.1.0"), Set.of()).isRunBy(primary)).isTrue();
        assertThat(copier(target("3.1.1"), Set.of()).isRunBy(primary)).isFalse();
    }

    @Test
    void isReadyOnlyWhenItsUpdatedPodsAre() {
        Deployment deployment = new DeploymentBuilder(target("3.1.0"))
                .editMetadata()
                .withGeneration(2L)
                .endMetadata()
                .withNewStatus()
                .withObservedGeneration(2L)
                .withReplicas(2)
                .withUpdatedReplicas(2)
                .withAvailableReplicas(1)
                .endStatus()
                .build();
        assertThat(readiness(deployment))
                .isEqualTo(new Readiness.NotReady(
                        "podinfo-primary.test not ready: waiting for rollout to finish: 1 of 2 (readyThreshold 100%)"
                                + " updated replicas are available",
                        true, true));

        deployment.getStatus().setAvailableReplicas(2);
        assertThat(readiness(deployment)).isEqualTo(new Readiness.Ready());

        deployment.getMetadata().setGeneration(3L);
        assertThat(readiness(deployment))
                .isInstanceOfSatisfying(
                        Readiness.NotReady.class,
                        not -> assertThat(not.text())
                                .contains("observed deployment generation less than desired generation"));
    }

    private static Readiness readiness(Deployment primary) {
        return DeploymentStatuses.of(primary)
                .readiness(
                        Side.PRIMARY,
                        new Names("podinfo", "test", "podinfo", "podinfo"),
                        new Demand(100, Duration.ofMinutes(1), Instant.EPOCH));
    }

    private static PrimaryDeployment copier(Deployment target, Set<String> configs) {
        return new PrimaryDeployment(target, APP, List.of(), configs, true);
    }

    private static Deployment target(String version) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("podinfo")
                .withNamespace("test")
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .addToMatchLabels("app", "podinfo")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "podinfo")
                .addToLabels("tier", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("podinfod")
                .withImage("podinfo:" + version)
                .addNewEnvFrom()
                .withNewConfigMapRef()
                .withName("settings")
                .endConfigMapRef()
                .endEnvFrom()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
