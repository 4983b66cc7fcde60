package dev.linnet.e2e;

import static dev.linnet.e2e.Share.assertAll;
import static dev.linnet.e2e.Share.assertShare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What people do with canary Ingresses, kubectl and curl, from the first version to the clean-up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CanaryByHandTest {
    private static final String CANARY = "nginx.ingress.kubernetes.io/canary: \"true\"";

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void splitsByWeightHeaderAndHeaderValueWithLegacyManifests() throws Exception {
        String host = "myapp.example.com";
        String nginx = "kubernetes.io/ingress.class: nginx";
        cluster.apply(Manifests.app("myapp1", "example/myapp", 5000, 1, "v1")
                + Manifests.legacyIngress("myapp1", host, "myapp1", 5000, nginx));
        ready("myapp1");
        answers(host, "version: v1");

        cluster.apply(Manifests.app("myapp2", "example/myapp", 5000, 1, "v2")
                + Manifests.legacyIngress("myapp2", host, "myapp2", 5000, nginx, CANARY, weight(50)));
        ready("myapp2");
        answers(host, "version: v2");
        assertThat(curl(host)).matches("hostname: myapp[12]-[0-9a-z]+-[0-9a-z]{5}, version: v[12]");
        assertShare(new Traffic(cluster.gateway(), host).send(2000), "version: v2", 0.5);

        annotate("myapp2", "canary-by-header=cortex");
        answers(host, "version: v2", "cortex", "always");
        assertAll(new Traffic(cluster.gateway(), host, "cortex", "always").send(200), "version: v2");
        assertAll(new Traffic(cluster.gateway(), host, "cortex", "never").send(200), "version: v1");
        assertShare(new Traffic(cluster.gateway(), host, "cortex", "any").send(2000), "version: v2", 0.5);

        annotate("myapp2", "canary-by-header-value=all");
        assertAll(new Traffic(cluster.gateway(), host, "cortex", "all").send(200), "version: v2");
        assertShare(new Traffic(cluster.gateway(), host, "cortex", "always").send(2000), "version: v2", 0.5);
        assertThat(cluster.kubectl("get", "ingress", "myapp2"))
                .containsPattern("NAME +CLASS +HOSTS +ADDRESS +PORTS +AGE")
                .containsPattern("myapp2 +\\S+ +myapp\\.example\\.com +127\\.0\\.0\\.1 +80 ");
    }

    @Test
    void releasesByCookieAndCleansUpWithoutAFailedRequest() throws Exception {
        String host = "www.example.com";
        cluster.apply(Manifests.app("old-nginx", "registry.example.com/samples/old-nginx", 80, 2, "none")
                + Manifests.ingress("gray-release", host, "old-nginx", 80));
        ready("old-nginx");
        answers(host, "old");

        cluster.apply(Manifests.app("new-nginx", "registry.example.com/samples/new-nginx", 80, 1, "none")
                + Manifests.ingress(
                        "gray-release-canary",
                        host,
                        "new-nginx",
                        80,
                        CANARY,
                        "nginx.ingress.kubernetes.io/canary-by-header: foo",
                        "nginx.ingress.kubernetes.io/canary-by-header-value: bar"));
        ready("new-nginx");
        answers(host, "new", "foo", "bar");
        assertAll(new Traffic(cluster.gateway(), host).send(200), "old");
        assertAll(new Traffic(cluster.gateway(), host, "foo", "bar").send(200), "new");

        annotate("gray-release-canary", "canary-weight=50");
        annotate("gray-release-canary", "canary-by-cookie=beta");
        assertAll(new Traffic(cluster.gateway(), host, "Cookie", "a=b; beta=always").send(200), "new");
        assertAll(new Traffic(cluster.gateway(), host, "Cookie", "beta=never").send(200), "old");
        assertShare(new Traffic(cluster.gateway(), host).send(2000), "new", 0.5);

        Map<String, Long> meanwhile = new Traffic(cluster.gateway(), host).during(2000, () -> {
            cluster.kubectl("patch", "service", "old-nginx", "-p", "{\"spec\":{\"selector\":{\"run\":\"new-nginx\"}}}");
            cluster.kubectl("delete", "ingress", "gray-release-canary");
            cluster.kubectl("delete", "deploy", "old-nginx");
            return cluster.kubectl("delete", "svc", "new-nginx");
        });
        assertThat(meanwhile).containsOnlyKeys("old", "new");
        assertAll(new Traffic(cluster.gateway(), host).send(200), "new");
    }

    @Test
    void givesOneOfTenPodsATenthOfTheTraffic() throws Exception {
        String host = "ten.example.com";
        String service = """
                apiVersion: v1
                kind: Service
                metadata:
                  name: ten
                spec:
                  selector:
                    team: ten
                  ports:
                    - port: 80
                      targetPort: 5000
                ---
                """;
        cluster.apply(
                (Manifests.app("ten-v1", "myapp", 5000, 9, "v1") + Manifests.app("ten-v2", "myapp", 5000, 1, "v2"))
                                .replace("tier: web", "team: ten")
                        + service
                        + Manifests.ingress("ten", host, "ten", 80));
        ready("ten-v1");
        ready("ten-v2");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> new Traffic(cluster.gateway(), host).send(100).size() == 10);
        assertShare(new Traffic(cluster.gateway(), host).send(2000), "version: v2", 0.1);
    }

    @Test
    void losesNoRequestDuringWeightChangesARollingUpdateAndPodDeletions() throws Exception {
        String host = "busy.example.com";
        cluster.apply(Manifests.app("busy", "myapp", 5000, 3, "v1")
                + Manifests.app("busy-canary", "myapp", 5000, 3, "v2")
                + Manifests.ingress("busy", host, "busy", 5000)
                + Manifests.ingress("busy-canary", host, "busy-canary", 5000, CANARY, weight(0)));
        ready("busy");
        ready("busy-canary");
        answers(host, "version: v1");

        Map<String, Long> meanwhile = new Traffic(cluster.gateway(), host).during(20_000, () -> {
            for (int change = 0; change < 20; change++) {
                annotate("busy-canary", "canary-weight=" + (change * 37 % 101));
            }
            cluster.kubectl("set", "env", "deploy/busy", "version=v3");
            cluster.kubectl("rollout", "status", "deploy/busy", "--timeout=60s");
            for (String pod : List.of("run=busy", "run=busy-canary")) {
                String first = cluster.kubectl("get", "pods", "-l", pod, "-o", "jsonpath={.items[0].metadata.name}");
                cluster.kubectl("delete", "pod", first);
            }
            return true;
        });
        assertThat(meanwhile.keySet())
                .allMatch(answer -> Pattern.matches("hostname: busy-.*, version: v[123]", answer));
        assertThat(meanwhile.values().stream().mapToLong(Long::longValue).sum()).isGreaterThanOrEqualTo(20_000);
    }

    private void ready(String deployment) {
        assertThat(cluster.kubectl("rollout", "status", "deploy/" + deployment, "--timeout=60s"))
                .contains("successfully rolled out");
    }

    /** Waits until a request is answered with this text: the moment from which a change is in force. */
    private void answers(String host, String text, String... headers) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> new Traffic(cluster.gateway(), host, headers)
                        .send(8).keySet().stream().anyMatch(answer -> answer.contains(text)));
    }

    /** Sets a canary annotation; returns when the gateway has had the time that the apply-to-effect benchmark shows, many times over. */
    private void annotate(String ingress, String annotation) {
        cluster.kubectl("annotate", "--overwrite", "ingress", ingress, "nginx.ingress.kubernetes.io/" + annotation);
        String version = cluster.kubectl("get", "ingress", ingress, "-o", "jsonpath={.metadata.resourceVersion}");
        Gateways.awaitApplied(cluster, "Ingress/default/" + ingress, Long.parseLong(version));
    }

    private static String weight(int weight) {
        return "nginx.ingress.kubernetes.io/canary-weight: \"" + weight + "\"";
    }

    private String curl(String host) {
        return Program.run(
                        List.of(
                                "curl",
                                "-sS",
                                "-H",
                                "Host: " + host,
                                cluster.gateway().toString()),
                        Map.of(),
                        "")
                .ok();
    }
}
