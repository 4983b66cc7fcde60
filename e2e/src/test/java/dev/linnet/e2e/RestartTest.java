package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.machine.address.ClusterAddresses;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is left of a cluster whose process was killed, as soon as it listens or when it has settled: everything that it had said yes to, and none of the
 * processes that it had started.
 */
final class RestartTest {
    private static final int KILLS = Boolean.getBoolean("linnet.all") ? 50 : 1;
    private static final int WRITERS = 4;
    private static final int MOST_WRITES = 400;
    /** By which this test's processes are told from all others of the machine: how long they sleep. */
    private static final String MARK = "36" + ProcessHandle.current().pid();

    private static final String COMMAND_POD = "sleeper=sh -c 'sleep " + MARK + "; exit 1'";

    @Test
    void losesNothingThatWasAcknowledgedWheneverItIsKilled() throws Exception {
        Kubectl.needed();
        Random random = new Random(20_260_301);
        Path directory = Files.createTempDirectory("linnet-e2e");
        String host = "kept.example.com";
        Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
        Cluster cluster = start(directory);
        try {
            cluster.apply(
                    Manifests.app("kept", "myapp", 5000, 2, "v1") + Manifests.ingress("kept", host, "kept", 5000));
            cluster.kubectl("create", "deployment", "sleeper", "--image=sleeper", "--replicas=2");
            comesBack(cluster, host);
            refusesASecond(directory);
            List<String> access = accessOf(cluster);
            assertThat(sleepers()).as("commands run as processes").isNotEmpty();
            for (int kill = 1; kill <= KILLS; kill++) {
                List<ProcessHandle> commands = cluster.process().descendants().toList();
                writeUntilKilled(cluster, kill, acknowledged, 1 + random.nextInt(MOST_WRITES));
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(Stream.concat(commands.stream(), sleepers().stream()))
                                .noneMatch(ProcessHandle::isAlive));
                cluster = start(directory);
                assertThat(accessOf(cluster)).isEqualTo(access);
                holds(stored(cluster), acknowledged, kill);
                if (kill % 2 == 1 || kill == KILLS) {
                    comesBack(cluster, host);
                }
            }
            String address = addressOf(cluster, "kept");
            cluster.process().destroyForcibly().waitFor();
            try (ClusterAddresses _ = ClusterAddresses.claim(numberOf(address), Optional.empty())) {
                cluster = start(directory);
                comesBack(cluster, host);
                String moved = addressOf(cluster, "kept");
                assertThat(numberOf(moved))
                        .as("its addresses are another cluster's now")
                        .isNotEqualTo(numberOf(address));
                answers(URI.create("http://" + moved + ":5000"), host);
            }
        } finally {
            cluster.close();
        }
    }

    private static void holds(Map<String, Integer> stored, Map<String, Integer> acknowledged, int kill) {
        assertThat(acknowledged)
                .as("after kill %d", kill)
                .allSatisfy((name, number) ->
                        assertThat(stored.get(name)).as(name).isNotNull().isGreaterThanOrEqualTo(number));
    }

    /** What runs as the command of a Pod, also where its parent is gone. The cluster itself has it among its arguments. */
    private static List<ProcessHandle> sleepers() {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String line = process.info().commandLine().orElse("");
                    return line.contains("sleep " + MARK) && !line.contains("dev.linnet.cli");
                })
                .toList();
    }

    private static void refusesASecond(Path directory) {
        Program second =
                Linnet.run("up", "--dir", directory.toString(), "--api", "127.0.0.1:0", "--http", "127.0.0.1:0");
        assertThat(second.exit()).isEqualTo(2);
        assertThat(second.err()).contains("another linnet runs on " + directory);
    }

    private static Cluster start(Path directory) throws Exception {
        return Cluster.in(directory, "--image", COMMAND_POD);
    }

    /** Everything that ran runs again, as it should, and answers. */
    private static void comesBack(Cluster cluster, String host) {
        cluster.kubectl("rollout", "status", "deploy/kept", "--timeout=60s");
        cluster.kubectl("rollout", "status", "deploy/sleeper", "--timeout=60s");
        answers(cluster.gateway(), host);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                cluster.kubectl("get", "pods", "--no-headers").lines())
                        .hasSize(4)
                        .allMatch(pod -> pod.matches("(kept|sleeper)-\\S+ +1/1 +Running .*")));
    }

    private static void writeUntilKilled(Cluster cluster, int kill, Map<String, Integer> acknowledged, int writes)
            throws Exception {
        int enough = acknowledged.size() + writes;
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String prefix = "written-" + kill + "-" + writer;
            writers.add(Thread.ofVirtual().name(prefix).start(() -> write(cluster, prefix, acknowledged)));
        }
        await().pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> acknowledged.size() >= enough);
        cluster.process().destroyForcibly();
        assertThat(cluster.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
        for (Thread writer : writers) {
            assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    /** Creates objects, and changes one again and again, until nobody answers. What is said to be written counts, nothing else. */
    private static void write(Cluster cluster, String prefix, Map<String, Integer> acknowledged) {
        try (KubernetesClient client = clientOf(cluster)) {
            client.resource(map(prefix, 0)).create();
            for (int number = 1; ; number++) {
                client.resource(map(prefix + "-" + number, 0)).create();
                acknowledged.put(prefix + "-" + number, 0);
                client.resource(map(prefix, number)).update();
                acknowledged.put(prefix, number);
            }
        } catch (KubernetesClientException _) {
            // The cluster was killed.
        }
    }

    private static ConfigMap map(String name, int number) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData("number", Integer.toString(number))
                .build();
    }

    /** The numbers in the store. A write that was under way may be there too. */
    private static Map<String, Integer> stored(Cluster cluster) {
        try (KubernetesClient client = clientOf(cluster)) {
            return client.configMaps().inNamespace("default").list().getItems().stream()
                    .filter(map -> map.getData().containsKey("number"))
                    .collect(Collectors.toMap(
                            map -> map.getMetadata().getName(),
                            map -> Integer.valueOf(map.getData().get("number"))));
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

    private static String addressOf(Cluster cluster, String service) {
        return cluster.kubectl("get", "service", service, "-o", "jsonpath={.spec.clusterIP}");
    }

    private static OptionalInt numberOf(String address) {
        return OptionalInt.of(Integer.parseInt(address.split("\\.", -1)[1]));
    }

    private static void answers(URI place, String host) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> new Traffic(place, host)
                        .send(8).keySet().stream().allMatch(answer -> answer.contains("version: v1")));
    }
}
