package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static dev.linnet.machine.node.Pods.get;
import static dev.linnet.machine.node.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs of Pods, through the API and from whoever asks the node itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PodLogsTest {
    @AutoClose
    private final LocalCluster cluster;

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    PodLogsTest(@TempDir Path directory) {
        cluster = new LocalCluster(directory);
    }

    @Test
    void followsALogUntilTheContainerEnds() throws Exception {
        cluster.namespace("logs");
        cluster.create(Pod.class, pod("logs", "web", ""));
        Pod pod = cluster.readyPod("logs", "web");

        try (LogWatch watch = cluster.client
                        .pods()
                        .inNamespace("logs")
                        .withName("web")
                        .watchLog();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("hello from web");
            get(pod, "/one");
            assertThat(lines.readLine()).isEqualTo("GET /one");
            cluster.client.pods().inNamespace("logs").withName("web").delete();
            assertThat(lines.readLine()).isEqualTo("goodbye");
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void showsLogsToNobodyButTheApiServer() throws Exception {
        Node node = cluster.client.nodes().withName("node-1").require();
        String base = "http://" + node.getStatus().getAddresses().getFirst().getAddress() + ":"
                + node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/containerLogs/x/y/z"));

        assertThat(statusOf(request.build())).isEqualTo(401);
        assertThat(statusOf(
                        request.copy().header("Authorization", "Bearer wrong").build()))
                .isEqualTo(401);
        assertThat(statusOf(request.copy()
                        .header("Authorization", "Bearer " + LocalCluster.TOKEN)
                        .header("Origin", "https://example.com")
                        .build()))
                .isEqualTo(403);
        assertThat(statusOf(request.copy()
                        .header("Authorization", "Bearer " + LocalCluster.TOKEN)
                        .build()))
                .isEqualTo(404);
    }

    @Test
    void refusesContainersThatItDoesNotKnow() {
        cluster.namespace("log-errors");
        cluster.create(Pod.class, pod("log-errors", "web", "").replace("registry:5000/x/echo:1.2", "nginx"));
        eventually().until(() -> cluster.waiting("log-errors", "web").equals("ErrImagePull"));

        assertThatThrownBy(() -> cluster.client
                        .pods()
                        .inNamespace("log-errors")
                        .withName("web")
                        .getLog())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("container \"app\" in pod \"web\" is waiting to start: ErrImagePull");
    }

    private int statusOf(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
