package dev.linnet.machine;

import static dev.linnet.machine.TestCluster.eventually;
import static dev.linnet.machine.TestCluster.image;
import static dev.linnet.machine.TestCluster.web;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Deployments, ReplicaSets, DaemonSets and autoscalers on a real API server, seen as any client sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class WorkloadsTest {
    private TestCluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = new TestCluster(directory);
    }

    @AfterAll
    @Timeout(60)
    void stop() {
        cluster.close();
    }

    @Test
    void rollsOutADeploymentAndItsNextVersion() {
        cluster.namespace("rollout");
        cluster.client.resource(web("rollout", 3, "web:1")).create();
        eventually().until(() -> cluster.isRolledOut("rollout"));
        assertThat(cluster.pods("rollout")).hasSize(3).allSatisfy(pod -> {
            assertThat(pod.getMetadata().getLabels()).containsKey("pod-template-hash");
            assertThat(pod.getMetadata().getName()).matches("web-[a-z0-9]+-[a-z0-9]{5}");
        });

        cluster.setImage("rollout", "web:2");
        eventually().until(() -> cluster.isRolledOut("rollout"));
        eventually()
                .untilAsserted(() -> assertThat(cluster.pods("rollout"))
                        .hasSize(3)
                        .allSatisfy(pod -> assertThat(image(pod)).isEqualTo("web:2")));

        Deployment deployment = cluster.deployment("rollout");
        assertThat(deployment.getMetadata().getAnnotations()).containsEntry("deployment.kubernetes.io/revision", "2");
        assertThat(deployment.getStatus().getConditions())
                .anySatisfy(condition -> assertThat(condition.getReason()).isEqualTo("NewReplicaSetAvailable"))
                .anySatisfy(condition -> assertThat(condition.getReason()).isEqualTo("MinimumReplicasAvailable"));
        String first = cluster.sets("rollout", "web:1").getMetadata().getName();
        eventually()
                .untilAsserted(() -> assertThat(cluster.messages("rollout", deployment))
                        .contains("Scaled up replica set " + first + " from 0 to 3")
                        .contains("Scaled down replica set " + first + " from 1 to 0"));
        eventually()
                .untilAsserted(() -> assertThat(cluster.messages("rollout", cluster.sets("rollout", "web:2")))
                        .anyMatch(message -> message.startsWith("Created pod: web-")));
    }

    @Test
    void goingBackToAnOlderTemplateReusesItsReplicaSet() {
        cluster.namespace("undo");
        cluster.client.resource(web("undo", 2, "web:1")).create();
        eventually().until(() -> cluster.isRolledOut("undo"));
        ReplicaSet first = cluster.sets("undo", "web:1");
        cluster.setImage("undo", "web:2");
        eventually().until(() -> cluster.isRolledOut("undo"));

        // As rollout undo does: the old template, with its nulls, replaces the present one.
        String template = cluster.client
                .getKubernetesSerialization()
                .asJson(first.getSpec().getTemplate())
                .replace("\"metadata\":{", "\"metadata\":{\"creationTimestamp\":null,")
                .replaceAll(",?\"pod-template-hash\":\"[a-z0-9]+\"", "");
        cluster.client
                .apps()
                .deployments()
                .inNamespace("undo")
                .withName("web")
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"replace\",\"path\":\"/spec/template\",\"value\":" + template + "}]");

        eventually().until(() -> cluster.isRolledOut("undo"));
        assertThat(cluster.client
                        .apps()
                        .replicaSets()
                        .inNamespace("undo")
                        .list()
                        .getItems())
                .hasSize(2);
        assertThat(cluster.sets("undo", "web:1").getMetadata().getUid())
                .isEqualTo(first.getMetadata().getUid());
        assertThat(cluster.deployment("undo").getMetadata().getAnnotations())
                .containsEntry("deployment.kubernetes.io/revision", "3");
    }

    @Test
    void neverCreatesMorePodsThanWantedHoweverFarTheCacheIsBehind() {
        cluster.namespace("many");
        AtomicInteger added = new AtomicInteger();
        try (var _ = cluster.client.pods().inNamespace("many").watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                if (action == Action.ADDED) {
                    added.incrementAndGet();
                }
            }

            @Override
            public void onClose(WatcherException cause) {}
        })) {
            cluster.client.resource(web("many", 50, "web:1")).create();
            eventually().until(() -> cluster.isRolledOut("many"));
            eventually().untilAsserted(() -> assertThat(added).hasValue(50));
            assertThat(cluster.pods("many")).hasSize(50);
        }
    }

    @Test
    void aRecreatedVersionWaitsForTheLastOldPod() {
        cluster.namespace("recreate");
        cluster.client
                .resource(new DeploymentBuilder(web("recreate", 2, "web:1"))
                        .editSpec()
                        .withNewStrategy()
                        .withType("Recreate")
                        .endStrategy()
                        .endSpec()
                        .build())
                .create();
        eventually().until(() -> cluster.isRolledOut("recreate"));
        cluster.kubelet.lingering.add(
                cluster.sets("recreate", "web:1").getMetadata().getName());
        cluster.setImage("recreate", "web:2");
        eventually()
                .untilAsserted(() -> assertThat(cluster.pods("recreate"))
                        .hasSize(2)
                        .allMatch(pod -> pod.getMetadata().getDeletionTimestamp() != null));
        cluster.kubelet.letGo();
        eventually().until(() -> cluster.isRolledOut("recreate"));
        assertThat(cluster.pods("recreate"))
                .hasSize(2)
                .allMatch(pod -> image(pod).equals("web:2"));
    }

    @Test
    void aDaemonRunsOnEveryNodeAndFollowsItsTemplate() {
        cluster.namespace("daemons");
        cluster.create("""
                apiVersion: v1
                kind: Node
                metadata: {name: node-a}
                """);
        cluster.create("""
                apiVersion: v1
                kind: Node
                metadata: {name: node-b}
                """);
        cluster.create("""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent, namespace: daemons}
                spec:
                  selector: {matchLabels: {app: agent}}
                  template:
                    metadata: {labels: {app: agent}}
                    spec:
                      containers: [{name: web, image: "agent:1"}]
                """);
        eventually()
                .untilAsserted(() -> assertThat(cluster.pods("daemons"))
                        .extracting(pod -> pod.getSpec().getNodeName())
                        .containsExactlyInAnyOrder("node-a", "node-b"));

        cluster.client
                .apps()
                .daemonSets()
                .inNamespace("daemons")
                .withName("agent")
                .patch(
                        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"agent:2\"}]}}}}");
        eventually().untilAsserted(() -> {
            assertThat(cluster.pods("daemons"))
                    .hasSize(2)
                    .allMatch(pod -> image(pod).equals("agent:2"));
            assertThat(cluster.client
                            .apps()
                            .daemonSets()
                            .inNamespace("daemons")
                            .withName("agent")
                            .require()
                            .getStatus()
                            .getNumberAvailable())
                    .isEqualTo(2);
        });
    }

    @Test
    void anAutoscalerSaysThatNobodyKnowsWhatPodsUse() {
        cluster.namespace("unknown-use");
        cluster.client.resource(web("unknown-use", 2, "web:1")).create();
        cluster.create("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web, namespace: unknown-use}
                spec:
                  minReplicas: 2
                  maxReplicas: 4
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
                """);

        eventually()
                .untilAsserted(() -> assertThat(cluster.client
                                .autoscaling()
                                .v2()
                                .horizontalPodAutoscalers()
                                .inNamespace("unknown-use")
                                .withName("web")
                                .require()
                                .getStatus()
                                .getConditions())
                        .anySatisfy(condition -> {
                            assertThat(condition.getType()).isEqualTo("ScalingActive");
                            assertThat(condition.getStatus()).isEqualTo("False");
                            assertThat(condition.getReason()).isEqualTo("FailedGetResourceMetric");
                            assertThat(condition.getMessage())
                                    .contains("no metrics returned from resource metrics API");
                        }));
    }

    @Test
    void nothingIsWrittenOnceAllHasComeToRest() {
        cluster.namespace("rest");
        cluster.client.resource(web("rest", 3, "web:1")).create();
        cluster.create("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web, namespace: rest}
                spec:
                  minReplicas: 4
                  maxReplicas: 5
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                """);
        eventually().until(() -> cluster.deployment("rest").getSpec().getReplicas() == 4);
        eventually().until(() -> cluster.isRolledOut("rest"));

        AtomicReference<List<String>> before = new AtomicReference<>(List.of());
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .during(Duration.ofSeconds(1))
                .until(() -> {
                    List<String> now = versions("rest");
                    return now.equals(before.getAndSet(now));
                });
    }

    private List<String> versions(String namespace) {
        return List.of(
                cluster.client
                        .apps()
                        .deployments()
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                        .toString(),
                cluster.client
                        .apps()
                        .replicaSets()
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                        .toString(),
                cluster.pods(namespace).toString(),
                cluster.slices(namespace).toString(),
                cluster.client
                        .v1()
                        .events()
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                        .toString(),
                cluster.client
                        .autoscaling()
                        .v2()
                        .horizontalPodAutoscalers()
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                        .toString());
    }
}
