package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.address.PodRange;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters on one machine, of which one has its Pods on addresses of another range. */
@Timeout(60)
class NeighbourClustersTest {

    @Test
    void keepOutOfEachOthersWay(@TempDir Path one, @TempDir Path other) throws Exception {
        try (LocalCluster first = new LocalCluster(one);
                LocalCluster second = new LocalCluster(other, Optional.of(PodRange.parse("127.34.0.0/24")))) {
            String firstPod = fill(first, "");
            int nodePort = nodePort(first);
            String secondPod = fill(second, ", nodePort: " + nodePort);
            assertThat(firstPod).startsWith("127." + first.addresses.number() + ".0.");
            assertThat(secondPod).startsWith("127.34.0.");

            assertThat(get(first, "http://web/")).isEqualTo("web " + firstPod);
            assertThat(get(second, "http://web/")).isEqualTo("web " + secondPod);

            // The same number on both: each cluster's nodes have addresses of their own, and only the host's is shared.
            assertThat(get(first, onNode(first, nodePort))).isEqualTo("web " + firstPod);
            assertThat(get(second, onNode(second, nodePort))).isEqualTo("web " + secondPod);
            eventually()
                    .untilAsserted(() -> assertThat(second.events("test", "FailedToListen"))
                            .singleElement()
                            .asString()
                            .startsWith("Cannot listen on 127.0.0.1:" + nodePort + ": Address already in use"));
        }
    }

    /** Its Pod calls itself by its Service: so it tells its name, and which address it called from. */
    private static String fill(LocalCluster cluster, String nodePort) {
        cluster.namespace("test");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: test, labels: {app: web}}
                spec: {containers: [{name: app, image: echo, ports: [{containerPort: 8080}]}]}
                """);
        cluster.create(Service.class, """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: test}
                spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080%s}]}
                """.formatted(nodePort));
        String address = cluster.readyPod("test", "web").getStatus().getPodIP();
        eventually().until(() -> get(cluster, "http://web/").startsWith("web "));
        return address;
    }

    private static int nodePort(LocalCluster cluster) {
        return cluster.client
                .services()
                .inNamespace("test")
                .withName("web")
                .require()
                .getSpec()
                .getPorts()
                .getFirst()
                .getNodePort();
    }

    private static String onNode(LocalCluster cluster, int port) {
        InetAddress node = cluster.addresses.node(1);
        return "http://" + node.getHostAddress() + ":" + port + "/";
    }

    private static String get(LocalCluster cluster, String url) throws IOException, InterruptedException {
        HttpClient client = cluster.echo.context("web/app").http().get();
        return client.send(
                        HttpRequest.newBuilder(URI.create(url))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
