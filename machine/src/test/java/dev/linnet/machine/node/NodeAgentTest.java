package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static dev.linnet.machine.node.Pods.condition;
import static dev.linnet.machine.node.Pods.get;
import static dev.linnet.machine.node.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pods that really run, seen through the API and over their addresses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class NodeAgentTest {
    private LocalCluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = new LocalCluster(directory);
    }

    @AfterAll
    @Timeout(60)
    void stop() {
        cluster.close();
    }

    @Test
    void registersItsNodesAndKeepsThemAlive() {
        eventually().untilAsserted(() -> {
            Node node = cluster.client.nodes().withName("node-1").require();
            assertThat(node.getMetadata().getLabels())
                    .containsEntry("kubernetes.io/hostname", "node-1")
                    .containsEntry("disk", "fast");
            assertThat(node.getStatus().getConditions())
                    .anyMatch(condition -> condition.getType().equals("Ready")
                            && condition.getStatus().equals("True"));
            assertThat(cluster.client
                            .leases()
                            .inNamespace("kube-node-lease")
                            .withName("node-2")
                            .require()
                            .getSpec()
                            .getRenewTime())
                    .isNotNull();
        });
    }

    @Test
    void runsAPodOnAnAddressOfItsOwn() throws Exception {
        cluster.namespace("run");
        cluster.create(Pod.class, pod("run", "web", "readinessProbe: {httpGet: {path: /health, port: http}}"));

        Pod pod = cluster.readyPod("run", "web");

        assertThat(pod.getSpec().getNodeName()).startsWith("node-");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
        assertThat(pod.getStatus().getPodIP()).startsWith("127." + cluster.addresses.number() + ".");
        ContainerStatus status = pod.getStatus().getContainerStatuses().getFirst();
        assertThat(status.getState().getRunning().getStartedAt()).isNotEmpty();
        assertThat(status.getStarted()).isTrue();
        assertThat(status.getRestartCount()).isZero();
        assertThat(get(pod, "/")).startsWith("web ");
        eventually().untilAsserted(() -> {
            assertThat(cluster.events("run", "Scheduled")).hasSize(1);
            assertThat(cluster.events("run", "Pulled"))
                    .containsExactly("Container image \"registry:5000/x/echo:1.2\" already present on machine");
            assertThat(cluster.events("run", "Created")).containsExactly("Created container: app");
            assertThat(cluster.events("run", "Started")).containsExactly("Started container app");
        });
    }

    @Test
    void movesLowPortsOnlyWhereTheyCannotBeBound() throws Exception {
        cluster.namespace("low");
        cluster.create(
                Pod.class,
                pod("low", "web", "env: [{name: PORT, value: '80'}]")
                        .replace("containerPort: 8080", "containerPort: 80"));

        Pod pod = cluster.readyPod("low", "web");

        int real = cluster.addresses.lowPorts().realPort(80);
        assertThat(get("http://" + pod.getStatus().getPodIP() + ":" + real + "/"))
                .startsWith("web ");
        assertThat(Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of())
                        .get("local.linnet.dev/ports"))
                .isEqualTo(real == 80 ? null : "80=20080");
    }
}
