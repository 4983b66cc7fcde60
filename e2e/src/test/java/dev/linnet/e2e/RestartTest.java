package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is left of a cluster whose process was killed: everything that it had said yes to. */
final class RestartTest {
    private static final int WRITES = 300;

    @Test
    void losesNothingThatWasAcknowledgedWhenItIsKilled() throws Exception {
        Kubectl.needed();
        Path directory = Files.createTempDirectory("linnet-e2e");
        String host = "kept.example.com";
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        Cluster cluster = Cluster.in(directory);
        try {
            cluster.apply(
                    Manifests.app("kept", "myapp", 5000, 2, "v1") + Manifests.ingress("kept", host, "kept", 5000));
            cluster.kubectl("rollout", "status", "deploy/kept", "--timeout=60s");
            answers(cluster, host);
            refusesASecond(directory);
            List<String> access = accessOf(cluster);

            writeUntilKilled(cluster, acknowledged);
            cluster = Cluster.in(directory);

            assertThat(accessOf(cluster)).isEqualTo(access);
            assertThat(cluster.kubectl("get", "configmaps", "-o", "jsonpath={.items[*].metadata.name}")
                            .split(" "))
                    .contains(acknowledged.toArray(String[]::new));
            answers(cluster, host);
            cluster.kubectl("rollout", "status", "deploy/kept", "--timeout=60s");
            Cluster again = cluster;
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    again.kubectl("get", "pods", "--no-headers").lines())
                            .hasSize(2)
                            .allMatch(pod -> pod.matches("kept-\\S+ +1/1 +Running .*")));
        } finally {
            cluster.close();
        }
    }

    private static void refusesASecond(Path directory) {
        Program second =
                Linnet.run("up", "--dir", directory.toString(), "--api", "127.0.0.1:0", "--http", "127.0.0.1:0");
        assertThat(second.exit()).isEqualTo(2);
        assertThat(second.err()).contains("another linnet runs on " + directory);
    }

    private static void writeUntilKilled(Cluster cluster, Queue<String> acknowledged) throws Exception {
        Thread writer = Thread.ofVirtual().name("writer").start(() -> write(cluster, acknowledged));
        await().atMost(Duration.ofSeconds(30)).until(() -> acknowledged.size() >= WRITES);
        cluster.process().destroyForcibly();
        assertThat(cluster.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
    }

    private static void write(Cluster cluster, Queue<String> acknowledged) {
        try (KubernetesClient client = clientOf(cluster)) {
            for (int number = 0; ; number++) {
                String name = "written-" + number;
                client.resource(new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .withNamespace("default")
                                .endMetadata()
                                .build())
                        .create();
                acknowledged.add(name);
            }
        } catch (KubernetesClientException _) {
            // The cluster was killed.
        }
    }

    private static KubernetesClient clientOf(Cluster cluster) {
        Config config = Config.fromKubeconfig(cluster.kubeconfig().toFile());
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The kubeconfig but for the port, which this test leaves to chance. */
    private static List<String> accessOf(Cluster cluster) throws Exception {
        return Files.readAllLines(cluster.kubeconfig()).stream()
                .filter(line -> !line.contains("server:"))
                .toList();
    }

    private static void answers(Cluster cluster, String host) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> new Traffic(cluster.gateway(), host)
                        .send(8).keySet().stream().allMatch(answer -> answer.contains("version: v1")));
    }
}
