package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An unchanged client of the field, with the server's own kubeconfig. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FabricClientTest {
    private TestServer server;
    private KubernetesClient client;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        server = TestServer.ephemeral(directory);
        Config config = Config.fromKubeconfig(Files.readString(server.api().kubeconfig()));
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData("key", value)
                .build();
    }

    private static Deployment deployment(String name, int replicas) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage("i:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Test
    void keepsAnInformerUpToDate() {
        Namespace namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withName("informed")
                .endMetadata()
                .build();
        client.resource(namespace).create();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("informed").inform(new Recorder(seen))) {
            ConfigMap map = map("a", "1");
            map.getMetadata().setNamespace("informed");
            client.resource(map).create();
            client.configMaps().inNamespace("informed").withName("a").edit(live -> {
                live.getData().put("key", "2");
                return live;
            });
            client.configMaps().inNamespace("informed").withName("a").delete();

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(seen).containsExactly("added 1", "updated 2", "deleted 2"));
            assertThat(informer.isWatching()).isTrue();
        }
    }

    private record Recorder(Queue<String> seen) implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {
            seen.add("added " + map.getData().get("key"));
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap after) {
            seen.add("updated " + after.getData().get("key"));
        }

        @Override
        public void onDelete(ConfigMap map, boolean unknown) {
            seen.add("deleted " + map.getData().get("key"));
        }
    }

    @Test
    void appliesServerSide() {
        PatchContext mine = PatchContext.of(PatchType.SERVER_SIDE_APPLY);
        mine.setFieldManager("mine");
        Deployment first = client.resource(deployment("ssa", 2)).patch(mine);
        Deployment again = client.resource(deployment("ssa", 2)).patch(mine);
        PatchContext yours = PatchContext.of(PatchType.SERVER_SIDE_APPLY);
        yours.setFieldManager("yours");

        assertThat(again.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
        assertThatThrownBy(() -> client.resource(deployment("ssa", 3)).patch(yours))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        failure -> assertThat(failure.getCode()).isEqualTo(409));
        yours.setForce(true);
        assertThat(client.resource(deployment("ssa", 3)).patch(yours).getSpec().getReplicas())
                .isEqualTo(3);
    }

    @Test
    void scalesAndPatchesStatus() {
        client.resource(deployment("scaled", 1)).create();

        client.apps().deployments().inNamespace("default").withName("scaled").scale(4);
        Deployment live = client.apps()
                .deployments()
                .inNamespace("default")
                .withName("scaled")
                .get();
        Deployment reported = new DeploymentBuilder(live)
                .withNewStatus()
                .withReplicas(4)
                .withReadyReplicas(2)
                .endStatus()
                .build();
        client.resource(reported).updateStatus();

        Deployment after = client.apps()
                .deployments()
                .inNamespace("default")
                .withName("scaled")
                .get();
        assertThat(after.getSpec().getReplicas()).isEqualTo(4);
        assertThat(after.getStatus().getReadyReplicas()).isEqualTo(2);
        assertThat(client.supports(Deployment.class)).isTrue();
        assertThat(client.hasApiGroup("apps", true)).isTrue();
        assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("33");
    }

    @Test
    void electsALeader() throws Exception {
        CountDownLatch leading = new CountDownLatch(1);
        CompletableFuture<?> election = client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName("test")
                        .withLeaseDuration(Duration.ofSeconds(5))
                        .withRenewDeadline(Duration.ofSeconds(3))
                        .withRetryPeriod(Duration.ofMillis(200))
                        .withReleaseOnCancel(true)
                        .withLock(new LeaseLock("default", "leader", "me"))
                        .withLeaderCallbacks(new LeaderCallbacks(leading::countDown, () -> {}, _ -> {}))
                        .build())
                .build()
                .start();

        assertThat(leading.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(client.leases()
                        .inNamespace("default")
                        .withName("leader")
                        .get()
                        .getSpec()
                        .getHolderIdentity())
                .isEqualTo("me");
        election.cancel(true);
    }
}
