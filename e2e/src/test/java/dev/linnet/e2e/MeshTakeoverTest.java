package dev.linnet.e2e;

import static dev.linnet.e2e.Share.assertShare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A frontend and a backend whose Services lead to gateways, and people who go on with their work: they apply their manifests, change weights and
 * scale. Nobody who uses the frontend notices. The scenes follow each other on one cluster.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class MeshTakeoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST = "frontend.istio-test";
    private static final String ANSWER = "v[12] > backend v[12]";
    private static final String BACKEND = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: backend, namespace: default}
            spec:
              hosts: [backend]
              http:
              - route:
                - {destination: {host: backend, subset: v1}, weight: FIRST}
                - {destination: {host: backend, subset: v2}, weight: SECOND}
            """;
    private static final String AUTOSCALER = """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: backend-v2, namespace: default}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: backend-v2}
              minReplicas: 4
              maxReplicas: 5
              metrics:
              - type: Resource
                resource: {name: cpu, target: {type: Utilization, averageUtilization: 99}}
            """;

    private String sample = "";
    private Optional<Process> controller = Optional.empty();

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
        sample = cluster.applyMeshSample();
        awaitTaken();
        await().atMost(PATIENCE).until(() -> traffic().send(20).containsKey("v1 > backend v1"));
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        killController();
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void saysOfEachServiceThatItsTrafficPassesThroughGateways() {
        cluster.kubectl("wait", "--for=condition=linnet.dev/mesh", "svc/backend", "svc/frontend", "--timeout=30s");
    }

    @Test
    @Order(2)
    void losesNoRequestWhenTheManifestIsAppliedAnew() throws Exception {
        Map<String, Long> meanwhile = traffic().during(400, () -> {
            cluster.apply(sample);
            awaitTaken();
            cluster.kubectlWith(sample, "apply", "--server-side", "--force-conflicts", "-f", "-")
                    .ok();
            awaitTaken();
            return "";
        });

        assertThat(meanwhile.keySet()).allMatch(answer -> answer.matches(ANSWER));
        assertThat(cluster.kubectl(
                        "get",
                        "events",
                        "--field-selector=reason=MeshRefused",
                        "-o",
                        "jsonpath={.items[*].involvedObject.name}"))
                .doesNotContain("backend", "frontend");
    }

    @Test
    @Order(3)
    void keepsSharesWhateverTheNumberOfPods() throws Exception {
        weights(50);
        Map<String, Long> meanwhile = traffic().during(2_000, () -> {
            cluster.kubectl("scale", "deploy/backend-v2", "--replicas=3");
            cluster.kubectl("rollout", "status", "deploy/backend-v2", "--timeout=60s");
            cluster.kubectl("scale", "deploy/backend-v2", "--replicas=1");
            return "";
        });

        assertThat(meanwhile.keySet()).allMatch(answer -> answer.matches(ANSWER));
        assertShare(meanwhile, "backend v2", 0.5);
    }

    /** By its Pod's address, though nothing of that namespace has opted in. */
    @Test
    @Order(4)
    void knowsACallerOfAnotherNamespace() throws Exception {
        cluster.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: elsewhere}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: caller, namespace: elsewhere}
                spec:
                  selector: {matchLabels: {app: caller}}
                  template:
                    metadata: {labels: {app: caller}}
                    spec: {containers: [{name: podinfod, image: "stefanprodan/podinfo:3.1.0"}]}
                """);
        cluster.kubectl("-n", "elsewhere", "rollout", "status", "deploy/caller", "--timeout=60s");
        String caller = cluster.kubectl("-n", "elsewhere", "get", "pods", "-o", "jsonpath={.items[0].status.podIP}");
        cluster.apply("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: backend, namespace: default}
                spec:
                  hosts: [backend]
                  http:
                  - match: [{sourceNamespace: elsewhere, sourceLabels: {app: caller}}]
                    route: [{destination: {host: backend, subset: v2}}]
                  - route: [{destination: {host: backend, subset: v1}}]
                """);

        await().atMost(PATIENCE).until(() -> calls(caller).equals("backend v2"));
        assertThat(calls("127.0.0.1")).isEqualTo("backend v1");
    }

    @Test
    @Order(5)
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void losesNoRequestInAHundredChangesOfWeight() throws Exception {
        Map<String, Long> meanwhile = traffic().during(2_000, () -> {
            for (int change = 1; change <= 100; change++) {
                weights(change * 37 % 101);
            }
            return "";
        });

        assertThat(meanwhile.keySet()).allMatch(answer -> answer.matches(ANSWER));
        weights(50);
        await().atMost(PATIENCE).untilAsserted(() -> assertShare(traffic().send(2_000), "backend v2", 0.5));
    }

    @Test
    @Order(6)
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void keepsSharesWhenAnAutoscalerBringsMorePods() throws Exception {
        weights(20);
        await().atMost(PATIENCE).untilAsserted(() -> assertShare(traffic().send(2_000), "backend v2", 0.2));
        Map<String, Long> meanwhile = traffic().during(2_000, () -> {
            cluster.apply(AUTOSCALER);
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> cluster.kubectl("get", "deploy/backend-v2", "-o", "jsonpath={.status.readyReplicas}")
                            .equals("4"));
            return "";
        });

        assertThat(meanwhile.keySet()).allMatch(answer -> answer.matches(ANSWER));
        assertShare(meanwhile, "backend v2", 0.2);
    }

    @Test
    @Order(7)
    void givesAllServicesBackBeforeLinnetIsUninstalled() throws Exception {
        Map<String, Long> meanwhile = traffic().during(400, () -> {
            cluster.kubectl("-n", "linnet-system", "scale", "deploy/linnet-controller", "--replicas=0");
            Program giveBack = Linnet.within(
                    "controller",
                    "--give-back",
                    "--kubeconfig",
                    cluster.kubeconfig().toString());
            assertThat(giveBack.exit()).as(giveBack.err()).isZero();
            return "";
        });

        assertThat(meanwhile.keySet()).allMatch(answer -> answer.matches(ANSWER));
        await().atMost(PATIENCE).until(this::isLeft);
        assertBackendIsAsItWas();
    }

    @Test
    @Order(8)
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void isTakenOverAndGivenBackThoughTheControllerIsKilled() throws Exception {
        cluster.kubectl("-n", "linnet-system", "scale", "deploy/linnet-controller", "--replicas=0");
        Random random = new Random(20_261_130);
        Map<String, Long> meanwhile = traffic().during(400, () -> {
            startController();
            for (int kill = 1; kill <= 4; kill++) {
                boolean leaves = kill % 2 == 1;
                label(leaves ? "linnet.dev/mesh-" : "linnet.dev/mesh=true");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(4_000));
                killController();
                startController();
                await().atMost(PATIENCE).until(() -> leaves ? isLeft() : isTaken("backend") && isTaken("frontend"));
            }
            label("linnet.dev/mesh-");
            await().atMost(PATIENCE).until(this::isLeft);
            return "";
        });

        assertThat(meanwhile.keySet()).allMatch(answer -> answer.matches(ANSWER));
        assertBackendIsAsItWas();
    }

    private void assertBackendIsAsItWas() {
        assertThat(cluster.kubectl(
                        "get", "svc", "backend", "-o", "jsonpath={.spec.selector}{.spec.ports[0].targetPort}"))
                .isEqualTo("{\"app\":\"backend\"}http");
        assertThat(cluster.kubectl("get", "svc", "backend", "-o", "jsonpath={.metadata.annotations}"))
                .doesNotContain("linnet.dev");
        assertThat(cluster.kubectl("get", "svc", "backend", "-o", "jsonpath={.status.conditions}"))
                .doesNotContain("linnet.dev");
    }

    private void label(String label) {
        cluster.kubectl("label", "namespace", "default", "--overwrite", label);
    }

    private boolean isLeft() {
        return !isTaken("backend")
                && !cluster.kubectl("get", "svc,deploy,configmap", "-o", "name").contains("linnet");
    }

    private void startController() throws IOException {
        controller = Optional.of(new ProcessBuilder(Linnet.command(
                        "controller", "--kubeconfig", cluster.kubeconfig().toString(), "--mesh-replicas=1"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private void killController() throws InterruptedException {
        if (controller.isPresent()) {
            controller.get().destroyForcibly().waitFor();
            controller = Optional.empty();
        }
    }

    private boolean isTaken(String service) {
        return cluster.kubectl("get", "svc", service, "-o", "jsonpath={.spec.selector.app}")
                .equals("linnet-mesh");
    }

    private void awaitTaken() {
        await().atMost(PATIENCE).until(() -> isTaken("backend") && isTaken("frontend"));
    }

    private void weights(int second) {
        cluster.apply(BACKEND.replace("FIRST", String.valueOf(100 - second)).replace("SECOND", String.valueOf(second)));
    }

    private Traffic traffic() {
        return new Traffic(cluster.gateway(), HOST).telling("x-frontend");
    }

    /** What the backend answers to whoever has this address. */
    private String calls(String address) throws Exception {
        URI backend = URI.create(
                "http://" + cluster.kubectl("get", "svc", "backend", "-o", "jsonpath={.spec.clusterIP}") + "/");
        try (HttpClient client = HttpClient.newBuilder()
                .localAddress(InetAddress.ofLiteral(address))
                .build()) {
            return client.send(HttpRequest.newBuilder(backend).build(), BodyHandlers.ofString())
                    .body()
                    .trim();
        }
    }
}
