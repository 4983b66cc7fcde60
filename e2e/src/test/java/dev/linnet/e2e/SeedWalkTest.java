package dev.linnet.e2e;

import static dev.linnet.e2e.Share.assertAll;
import static dev.linnet.e2e.Share.assertShare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that people pass around, and a walk through a release to chosen nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeedWalkTest {
    private static final String NODE = "worker01.k8s.lab";
    private static final String ON_SECONDARY_NODES = """
                  affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms:
                          - matchExpressions: [{key: dtype, operator: In, values: [secondary]}]
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start("--node", NODE);
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void acceptsEveryManifestAndLeavesItAloneTheSecondTime() throws Exception {
        Terminal user = terminalIn("seeds");
        user.kubectl("create namespace seeds");
        user.kubectl("create namespace test");
        user.kubectl(Manifests.read("seed-crds.yaml", Map.of()), "apply -f -");
        user.kubectl(
                "wait crd/canaries.flagger.app crd/virtualservices.networking.istio.io --for=condition=Established --timeout=30s");
        List<Path> seeds = seeds();
        assertThat(seeds).hasSizeGreaterThan(20);
        for (Path seed : seeds) {
            String manifest = Files.readString(seed).replace("namespace: default", "namespace: seeds");
            Terminal author = manifest.contains("namespace: test") ? terminalIn("test") : user;
            assertThat(author.kubectl(manifest, "apply -f -").lines())
                    .as("%s", seed.getFileName())
                    .allMatch(line -> line.matches("\\S+ (created|configured)"));
            // Lists of paths are replaced whole, so kubectl sends those again whose types were left to the server.
            String again = manifest.contains("kind: Ingress") ? "\\S+ (unchanged|configured)" : "\\S+ unchanged";
            assertThat(author.kubectl(manifest, "apply -f -").lines())
                    .as("%s again", seed.getFileName())
                    .allMatch(line -> line.matches(again));
            assertThat(author.run(manifest, "diff -f -").exit())
                    .as("%s differs", seed.getFileName())
                    .isZero();
            assertThat(author.kubectl(manifest, "delete -f - --wait=false")).contains(" deleted");
        }
    }

    @Test
    void releasesToANodeOfItsOwnByWeightAndByHeader() throws Exception {
        Terminal user = terminalIn("default");
        user.kubectl(seed("001-nginx-v1"), "apply -f -");
        user.kubectl(
                seed("001-nginx-v2").replaceFirst("      containers:\n", ON_SECONDARY_NODES + "      containers:\n"),
                "apply -f -");
        user.kubectl("rollout status deploy/nginx-v1 --timeout=60s");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(user.kubectl("describe pods -l version=v2"))
                                .containsPattern("Status: +Pending")
                                .containsPattern(
                                        "FailedScheduling .* 0/1 nodes are available: 1 node\\(s\\) didn't match Pod's node affinity/selector"));
        user.kubectl("label nodes " + NODE + " dtype=secondary");
        user.kubectl("rollout status deploy/nginx-v2 --timeout=60s");
        user.kubectl("scale deploy nginx-v1 --replicas=15");
        user.kubectl("scale deploy nginx-v2 --replicas=12");
        user.kubectl("rollout status deploy/nginx-v1 --timeout=60s");
        user.kubectl("rollout status deploy/nginx-v2 --timeout=60s");
        assertThat(user.lines("get pods -l version=v2 --no-headers -o wide"))
                .hasSize(12)
                .allMatch(pod -> pod.matches("nginx-v2-\\S+ +1/1 +Running .* " + NODE + " .*"));

        user.kubectl(seed("001-ingress"), "apply -f -");
        user.kubectl(seed("001-ingress-canary"), "apply -f -");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(user.lines("get ingress --no-headers"))
                        .hasSize(2)
                        .allMatch(row -> row.matches("nginx(-canary)? +nginx +foo.example.com +\\d\\S+ +80 +\\S+")));
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> traffic("Region", "always").send(20).keySet().equals(Set.of("nginx-v2:222222222")));
        assertAll(traffic("Region", "always").send(400), "nginx-v2:222222222");
        assertAll(traffic("Region", "never").send(400), "nginx-v1");
        Map<String, Long> answers = traffic().send(2_000);
        assertThat(answers).containsOnlyKeys("nginx-v1", "nginx-v2:222222222");
        assertShare(answers, "nginx-v2:222222222", 0.1);
    }

    private Traffic traffic(String... headers) {
        return new Traffic(cluster.gateway(), "foo.example.com", headers);
    }

    private static List<Path> seeds() throws Exception {
        URL one = SeedWalkTest.class.getResource("seeds/001-ingress.yaml");
        if (one == null) {
            throw new IllegalStateException("the seeds are missing among the test's resources");
        }
        try (Stream<Path> files = Files.list(Path.of(one.toURI()).resolveSibling(""))) {
            return files.sorted().toList();
        }
    }

    private static String seed(String name) {
        return Manifests.read("seeds/" + name + ".yaml", Map.of());
    }

    private Terminal terminalIn(String namespace) {
        return new Terminal(cluster.kubeconfig(), namespace, folder.resolve(namespace));
    }
}
