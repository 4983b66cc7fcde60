package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Running things through fabric8's client: scaling, restarts, evictions, logs, and waiting for all of them. */
@ExtendWith(OnACluster.class)
final class FabricWorkloadsTest {
    private static final long PATIENCE_SECONDS = 90;

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void scalesRestartsAndGoesBack(KubernetesClient client) {
        RollableScalableResource<Deployment> web = client.apps().deployments().withName("web");
        client.resource(Objects.deployment("web", 1)).create();
        web.waitUntilReady(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(web.scale(2).getSpec().getReplicas()).isEqualTo(2);
        web.waitUntilCondition(
                live -> live.getStatus() != null
                        && Integer.valueOf(2).equals(live.getStatus().getReadyReplicas()),
                PATIENCE_SECONDS,
                TimeUnit.SECONDS);
        assertThat(web.scale().getStatus().getSelector()).isEqualTo("app=web");

        web.rolling().restart();
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> isComplete(web.require()));
        assertThat(sets(client)).hasSize(2);
        web.edit(live -> new DeploymentBuilder(live)
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage(Images.NEXT_PODINFO)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> isComplete(web.require()));
        assertThat(sets(client)).hasSize(3);
        web.rolling().undo();
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> isComplete(web.require()));
        assertThat(sets(client)).as("the earlier one is used again").hasSize(3);
        assertThat(client.pods().withLabel("app", "web").list().getItems())
                .filteredOn(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .hasSize(2)
                .allMatch(pod ->
                        pod.getSpec().getContainers().getFirst().getImage().equals(Images.PODINFO));

        web.delete();
        web.waitUntilCondition(live -> live == null, PATIENCE_SECONDS, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> sets(client).isEmpty()
                        && client.pods().list().getItems().isEmpty());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void evictsAPodUnlessABudgetForbidsIt(KubernetesClient client) {
        client.resource(new PodDisruptionBudgetBuilder()
                        .withNewMetadata()
                        .withName("web")
                        .endMetadata()
                        .withNewSpec()
                        .withNewMinAvailable(1)
                        .withNewSelector()
                        .addToMatchLabels("app", "web")
                        .endSelector()
                        .endSpec()
                        .build())
                .create();
        client.resource(Objects.deployment("web", 1)).create();
        client.apps().deployments().withName("web").waitUntilReady(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Pod pod = client.pods().withLabel("app", "web").list().getItems().getFirst();
        assertThat(client.pods().resource(pod).evict()).isFalse();
        client.policy().v1().podDisruptionBudget().withName("web").delete();
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> client.pods().resource(pod).evict());
        client.pods().resource(pod).waitUntilCondition(live -> live == null, PATIENCE_SECONDS, TimeUnit.SECONDS);
        client.apps().deployments().withName("web").waitUntilReady(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(client.pods().withLabel("app", "web").list().getItems())
                .extracting(live -> live.getMetadata().getName())
                .doesNotContain(pod.getMetadata().getName());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void readsAndFollowsLogs(KubernetesClient client) {
        client.resource(Objects.deployment("web", 1)).create();
        client.apps().deployments().withName("web").waitUntilReady(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Pod pod = client.pods().withLabel("app", "web").list().getItems().getFirst();
        assertThat(client.pods().resource(pod).getLog()).contains("Starting podinfo");
        assertThat(client.pods()
                        .resource(pod)
                        .inContainer("web")
                        .tailingLines(1)
                        .getLog()
                        .lines())
                .hasSize(1);
        assertThat(client.apps().deployments().withName("web").getLog()).contains("Starting podinfo");
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (LogWatch _ = client.pods().resource(pod).watchLog(seen)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> seen.toString(StandardCharsets.UTF_8).contains("Starting podinfo"));
        }
    }

    private static List<ReplicaSet> sets(KubernetesClient client) {
        return client.apps().replicaSets().withLabel("app", "web").list().getItems();
    }

    private static boolean isComplete(Deployment web) {
        Integer two = 2;
        return web.getMetadata().getGeneration().equals(web.getStatus().getObservedGeneration())
                && two.equals(web.getStatus().getUpdatedReplicas())
                && two.equals(web.getStatus().getReplicas())
                && two.equals(web.getStatus().getAvailableReplicas());
    }
}
