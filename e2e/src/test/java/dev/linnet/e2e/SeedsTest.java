package dev.linnet.e2e;

import static dev.linnet.e2e.Share.assertAll;
import static dev.linnet.e2e.Share.assertShare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Manifests of tutorials about canaries, to the letter: they are taken, run, and answer as the tutorials show. */
// Half a minute, and SeedWalkTest accepts the same manifests: with --all.
@EnabledIfSystemProperty(named = "linnet.all", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeedsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        client.close();
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void twoFlaskServicesShareAHostByWeight() throws Exception {
        String host = "myapp.cortex.com";
        apply("myapp1.yaml", "myapp2.yaml");
        ready("myapp1");
        ready("myapp2");
        answers(host, "version: v1");
        answers(host, "version: v2");

        assertShare(new Traffic(cluster.gateway(), host).send(1000), "version: v2", 0.5);
        assertThat(new Traffic(cluster.gateway(), host).send(50).keySet())
                .allMatch(answer -> answer.matches("hostname: myapp[12]-[0-9a-z]+-[0-9a-z]{5}, version: v[12]"));
    }

    @Test
    void openRestySaysWhatItsConfigMapTellsIt() throws Exception {
        String host = "foo.example.com";
        apply("nginx-v1.yaml", "nginx-v2.yaml", "ingress-nginx-v1.yaml", "ingress-nginx-v2.yaml");
        ready("nginx-v1");
        ready("nginx-v2");
        answers(host, "nginx-v1");
        answers(host, "nginx-v2:222222222", "Region", "always");

        assertShare(new Traffic(cluster.gateway(), host).send(2000), "nginx-v2", 0.1);
        assertAll(new Traffic(cluster.gateway(), host, "Region", "always").send(100), "nginx-v2:222222222");
        assertThat(cluster.kubectl("get", "ingress"))
                .containsPattern("nginx +nginx +foo\\.example\\.com +127\\.0\\.0\\.1 +80 ")
                .containsPattern("nginx-canary +nginx +foo\\.example\\.com +127\\.0\\.0\\.1 +80 ");
    }

    @Test
    void anOldAndANewNginxTakeTurnsAsTheCanaryIsChanged() throws Exception {
        String host = "www.example.com";
        apply("old-nginx.yaml", "gray-release-legacy.yaml", "gray-release.yaml");
        ready("old-nginx");
        answers(host, "old");

        apply("new-nginx.yaml", "canary-header-legacy.yaml", "canary-header.yaml");
        ready("new-nginx");
        answers(host, "new", "foo", "bar");
        assertAll(new Traffic(cluster.gateway(), host).send(100), "old");
        assertAll(new Traffic(cluster.gateway(), host, "foo", "bar").send(100), "new");

        apply("canary-weight-legacy.yaml", "canary-weight.yaml");
        answers(host, "new");
        assertShare(new Traffic(cluster.gateway(), host).send(1000), "new", 0.5);

        apply("old-nginx-switched.yaml");
        cluster.kubectl("delete", "ingress", "gray-release-canary");
        cluster.kubectl("delete", "deploy", "old-nginx");
        cluster.kubectl("delete", "svc", "new-nginx");
        assertAll(new Traffic(cluster.gateway(), host).send(100), "new");
    }

    /** Also: who is called through an Ingress by a Pod hears which Pod it was. */
    @Test
    void podinfoAnswersAtItsPathsAndPodsCallItByTheHostOfItsIngress() throws Exception {
        String host = "app.example.com";
        cluster.apply(Linnet.run("sample", "podinfo").ok());
        apply("podinfo-ingress.yaml");
        cluster.kubectl("-n", "test", "rollout", "status", "deploy/podinfo", "--timeout=60s");
        answers(host, "greetings from podinfo v3.1.0");

        assertThat(get(host, "/status/500").statusCode()).isEqualTo(500);
        assertThat(get(host, "/delay/0").statusCode()).isEqualTo(200);
        assertThat(get(host, "/version").body()).contains("3.1.0");
        assertThat(get(host, "/headers").body()).contains("X-Api-Version");

        cluster.apply("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: caller}
                spec:
                  selector: {matchLabels: {app: caller}}
                  template:
                    metadata: {labels: {app: caller}}
                    spec:
                      containers:
                      - name: podinfo
                        image: podinfo:6.0.0
                        command: [./podinfo, "--backend-url=http://app.example.com/headers,http://podinfo.test/token"]
                        ports: [{name: http, containerPort: 9898}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: caller}
                spec: {selector: {app: caller}, ports: [{port: 80, targetPort: http}]}
                """);
        ready("caller");
        String pod = cluster.kubectl("get", "pods", "-l", "app=caller", "-o", "jsonpath={.items[0].status.podIP}");
        HttpResponse<String> echo = client.send(
                HttpRequest.newBuilder(URI.create("http://" + pod + ":9898/echo"))
                        .POST(BodyPublishers.ofString("test"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(echo.body().replace("\\n", "").replace("\\", "").replaceAll("\\s", ""))
                .contains("\"X-Real-Ip\":[\"" + pod + "\"]", "\"token\":\"");
    }

    @Test
    void theFrontendOfTheMeshCallsItsBackendByName() throws Exception {
        // Its rules, Istio's, come last: without their definitions kubectl says that it does not know these kinds.
        Program applied = cluster.kubectlWith(Linnet.run("sample", "mesh").ok(), "apply", "-f", "-");
        assertThat(applied.out())
                .contains(
                        "deployment.apps/frontend-v1 created",
                        "deployment.apps/frontend-v2 created",
                        "service/frontend created",
                        "deployment.apps/backend-v1 created",
                        "deployment.apps/backend-v2 created",
                        "service/backend created");
        for (String name : List.of("frontend-v1", "frontend-v2", "backend-v1", "backend-v2")) {
            ready(name);
        }
        String address = cluster.kubectl("get", "service", "frontend", "-o", "jsonpath={.spec.clusterIP}");
        String port = cluster.kubectl(
                "get",
                "endpointslices",
                "-l",
                "kubernetes.io/service-name=frontend",
                "-o",
                "jsonpath={.items[0].ports[0].port}");
        URI frontend = URI.create("http://" + address + ":" + port + "/");

        TreeSet<String> seen = new TreeSet<>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            // Each on a connection of its own, as Services divide connections.
            String answer = Program.run(List.of("curl", "-sSi", frontend.toString()), Map.of(), "")
                    .ok();
            assertThat(answer.strip()).startsWith("HTTP/1.1 200").matches("(?s).*\nbackend v[12]");
            seen.add(answer.replaceAll("(?is).*x-frontend: (v[12]).*", "$1"));
            assertThat(seen).containsExactly("v1", "v2");
        });
    }

    private void apply(String... files) {
        for (String file : files) {
            cluster.apply(Manifests.read("seeds/" + file, Map.of()));
        }
    }

    private void ready(String deployment) {
        assertThat(cluster.kubectl("rollout", "status", "deploy/" + deployment, "--timeout=60s"))
                .contains("successfully rolled out");
    }

    private void answers(String host, String text, String... headers) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> new Traffic(cluster.gateway(), host, headers)
                        .send(8).keySet().stream().anyMatch(answer -> answer.contains(text)));
    }

    private HttpResponse<String> get(String host, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(cluster.gateway().resolve(path))
                        .header("Host", host)
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                BodyHandlers.ofString());
    }
}
