package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to Pods and Services when the machine, nodes or other programs come and go. */
@Timeout(60)
class ClusterLifeTest {

    private LocalCluster cluster;

    @BeforeEach
    void start(@TempDir Path directory) {
        cluster = new LocalCluster(directory);
        cluster.namespace("life");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void startsPodsAgainOnTheirAddressesWhenTheMachineComesBack() {
        cluster.create(Pod.class, pod("first", ""));
        cluster.create(Pod.class, pod("second", ""));
        String first = cluster.readyPod("life", "first").getStatus().getPodIP();
        String second = cluster.readyPod("life", "second").getStatus().getPodIP();
        int starts = cluster.echo.starts.get();

        cluster.restartMachine();

        eventually().untilAsserted(() -> assertThat(cluster.echo.starts.get()).isEqualTo(starts + 2));
        eventually().untilAsserted(() -> {
            Pod pod = cluster.pod("life", "first");
            assertThat(LocalCluster.isReady(pod)).isTrue();
            assertThat(pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
                    .isEqualTo(1);
            assertThat(pod.getStatus().getPodIP()).isEqualTo(first);
        });
        assertThat(cluster.readyPod("life", "second").getStatus().getPodIP()).isEqualTo(second);
        assertThat(cluster.client
                        .pods()
                        .inNamespace("life")
                        .withName("first")
                        .terminated()
                        .getLog())
                .isEqualTo("hello from first\ngoodbye\n");
    }

    @Test
    void finishesDeletionsThatTheMachineDidNotLiveToSee() {
        cluster.create(Pod.class, pod("web", ""));
        cluster.readyPod("life", "web");
        cluster.stopMachine();
        cluster.client.pods().inNamespace("life").withName("web").delete();
        assertThat(cluster.pod("life", "web").getMetadata().getDeletionTimestamp())
                .isNotNull();

        cluster.restartMachine();

        eventually()
                .until(() -> cluster.client
                                .pods()
                                .inNamespace("life")
                                .withName("web")
                                .get()
                        == null);
    }

    @Test
    void keepsAPodPendingUntilANodeSuitsIt() {
        cluster.create(Pod.class, pod("web", "nodeSelector: {dtype: secondary}"));
        eventually()
                .untilAsserted(() -> assertThat(cluster.events("life", "FailedScheduling"))
                        .contains(
                                "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption:"
                                        + " 0/2 nodes are available: 2 Preemption is not helpful for scheduling."));
        PodCondition scheduled =
                cluster.pod("life", "web").getStatus().getConditions().getFirst();
        assertThat(List.of(scheduled.getType(), scheduled.getStatus(), scheduled.getReason()))
                .containsExactly("PodScheduled", "False", "Unschedulable");

        cluster.client
                .nodes()
                .withName("node-2")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"metadata\":{\"labels\":{\"dtype\":\"secondary\"}}}");

        assertThat(cluster.readyPod("life", "web").getSpec().getNodeName()).isEqualTo("node-2");
    }

    @Test
    void forgetsNodesThatItNoLongerHasAndWhatRanThere() {
        cluster.create(Pod.class, pod("web", "nodeName: node-2"));
        cluster.readyPod("life", "web");

        cluster.restartMachine(List.of(new LocalNode("worker01.k8s.lab", Map.of("dtype", "secondary"))));

        eventually()
                .untilAsserted(() -> assertThat(cluster.client.nodes().list().getItems())
                        .extracting(node -> node.getMetadata().getName())
                        .containsExactly("worker01.k8s.lab"));
        eventually()
                .until(() -> cluster.client
                                .pods()
                                .inNamespace("life")
                                .withName("web")
                                .get()
                        == null);
    }

    @Test
    void closesTheDoorOfADeletedServiceAndOpensItForTheNext() throws IOException {
        cluster.create(Pod.class, pod("web", ""));
        cluster.readyPod("life", "web");
        InetSocketAddress door = service("one");
        eventually().until(() -> answers(door));

        cluster.client.services().inNamespace("life").withName("one").delete();
        eventually().until(() -> !answers(door));

        cluster.create(
                Service.class,
                "{apiVersion: v1, kind: Service, metadata: {name: two, namespace: life}, spec: {clusterIP: "
                        + door.getAddress().getHostAddress()
                        + ", selector: {app: web}, ports: [{port: 8000, targetPort: 8080}]}}");
        eventually().until(() -> answers(door));
    }

    @Test
    void saysThatAnotherProgramHasTheNodePort() throws IOException {
        try (ServerSocket other = new ServerSocket()) {
            int port = bindNodePort(other);
            cluster.create(
                    Service.class,
                    "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: life}, spec: {type: NodePort,"
                            + " selector: {app: web}, ports: [{port: 8000, nodePort: " + port + "}]}}");

            eventually()
                    .untilAsserted(() -> assertThat(cluster.events("life", "FailedToListen"))
                            .containsExactly("Cannot listen on 127.0.0.1:" + port
                                    + ": Address already in use (another program may have this port)"));
        }
    }

    @Test
    void endsAPodWhoseObjectIsGone() {
        cluster.create(Pod.class, pod("web", ""));
        Pod pod = cluster.readyPod("life", "web");
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral(pod.getStatus().getPodIP()), 8080);
        eventually().until(() -> answers(address));

        cluster.client
                .pods()
                .inNamespace("life")
                .withName("web")
                .withGracePeriod(0)
                .delete();

        eventually().until(() -> !answers(address));
    }

    private InetSocketAddress service(String name) {
        cluster.create(
                Service.class,
                "{apiVersion: v1, kind: Service, metadata: {name: " + name
                        + ", namespace: life}, spec: {selector: {app: web}, ports: [{port: 8000, targetPort: 8080}]}}");
        String address = cluster.client
                .services()
                .inNamespace("life")
                .withName(name)
                .require()
                .getSpec()
                .getClusterIP();
        return new InetSocketAddress(InetAddress.ofLiteral(address), 8000);
    }

    private static boolean answers(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(2_000);
            socket.connect(address, 1_000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'H';
        } catch (IOException e) {
            return false;
        }
    }

    private static int bindNodePort(ServerSocket socket) throws IOException {
        for (int port = 30_000; port < 32_768; port++) {
            try {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
                return port;
            } catch (IOException e) {
                // Somebody has it; so much the better for what the test is about, but not ours to use.
            }
        }
        throw new IOException("no NodePort is free");
    }

    private static String pod(String name, String spec) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: life, labels: {app: web}}
                spec:
                  containers: [{name: app, image: echo, ports: [{containerPort: 8080}]}]
                  %s
                """.formatted(name, spec);
    }
}
