package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code linnet rollouts}: a person holds a release, lets it go, ends it and begins it again. Intervals are so long that nothing happens by
 * itself, and a gate is closed for ever. The scenes follow each other on one cluster.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RolloutsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ME = "linnet-admin";
    private static final String PODINFO = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: podinfo, namespace: shop}
            spec:
              replicas: 1
              selector: {matchLabels: {app: podinfo}}
              template:
                metadata: {labels: {app: podinfo}}
                spec:
                  containers:
                    - name: podinfod
                      image: stefanprodan/podinfo:3.1.0
                      ports: [{name: http, containerPort: 9898}]
                      readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 1}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: podinfo, namespace: shop}
            spec:
              ingressClassName: nginx
              rules:
                - host: shop.example.com
                  http:
                    paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: podinfo, port: {number: 80}}}}
            ---
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: podinfo}
              service: {port: 80, targetPort: 9898}
              analysis:
                interval: 60m
                threshold: 3
                maxWeight: 50
                stepWeight: 10
                webhooks:
                  - {name: start, type: confirm-rollout, url: "http://flagger-loadtester.shop/gate/halt"}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private Canary podinfo;

    @SuppressWarnings("NullAway.Init")
    private Following watch;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
        podinfo = new Canary(cluster, "shop", "podinfo");
        cluster.apply(Linnet.within("sample", "loadtester", "-n", "shop").ok());
        cluster.apply(PODINFO);
        podinfo.awaitPhase("Initialized", PATIENCE);
        podinfo.kubectl("rollout", "status", "deploy/flagger-loadtester", "--timeout=60s");
        watch = Following.start(
                Linnet.command(
                        "rollouts", "watch", "podinfo", "-n", "shop", "-o", "json", "--kubeconfig", kubeconfig()),
                Map.of());
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        if (watch != null) {
            watch.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void listsWhatThereIsAndSaysWhereToLookIfThereIsNothing() {
        assertThat(rollouts("list", "-A").ok().lines())
                .anyMatch(row -> row.matches("NAMESPACE +NAME +PHASE +WEIGHT +FAILED +VERSION +WAITS FOR"))
                .anyMatch(row -> row.matches(
                        "shop +podinfo +Initialized +0 % +0/3 +stefanprodan/podinfo:3\\.1\\.0 +a new version"));
        assertThat(Linnet.within("rollouts", "--kubeconfig", kubeconfig()).err())
                .contains("-A shows those of all");
        Program unknown = rollouts("get", "podinof");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no Canary podinof in namespace shop (expected: podinfo)");
        await().atMost(PATIENCE)
                .until(() -> watch.said().stream().anyMatch(line -> line.contains("\"phase\":\"Initialized\"")));
    }

    @Test
    @Order(2)
    void aClosedGateIsOpenedByAPersonAndTheRunKeepsWho() throws Exception {
        podinfo.setImage("podinfod", "stefanprodan/podinfo:3.1.1");
        podinfo.awaitPhase("Waiting", PATIENCE);
        assertThat(rollouts("get", "podinfo").ok()).contains("waits for confirm-rollout start");

        assertThat(rollouts("approve", "podinfo").ok()).isEqualTo("podinfo.shop: approve is obeyed\n");
        awaitWeight(10);

        JsonNode action = podinfo.json("get", "run", "podinfo-1").at("/status/actions/0");
        assertThat(action.path("do").asText()).isEqualTo("approve");
        assertThat(action.path("by").asText()).isEqualTo(ME);
        assertThat(action.path("at").asText()).startsWith("20");
        assertThat(rollouts("get", "podinfo").ok().lines())
                .anyMatch(line -> line.matches("podinfo\\.shop  Progressing  weight 10 %, 0 of 3 checks failed"))
                .anyMatch(line -> line.matches(
                        "├─ primary  Deployment podinfo-primary  stefanprodan/podinfo:3\\.1\\.0  90 %  1/1 ready"))
                .anyMatch(line -> line.matches("│  └─ podinfo-primary-\\S+  Running"))
                .anyMatch(line ->
                        line.matches("├─ canary  Deployment podinfo  stefanprodan/podinfo:3\\.1\\.1  10 %  1/1 ready"))
                .anyMatch(line -> line.matches("   ├─ 1  Progressing  stefanprodan/podinfo:3\\.1\\.1  since 20\\S+Z"))
                .anyMatch(line -> line.endsWith("Approve asked for by " + ME))
                .noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    @Order(3)
    void aPausedRunGoesNoFurtherUntilItIsResumed() throws Exception {
        rollouts("pause", "podinfo").ok();
        rollouts("skip", "podinfo").ok();
        await().atMost(PATIENCE)
                .until(() -> json(rollouts("get", "podinfo", "-o", "json"))
                        .path("waitingFor")
                        .asText()
                        .equals("a person to resume it"));
        assertThat(weight()).isEqualTo("10");

        rollouts("resume", "podinfo").ok();
        awaitWeight(20);
    }

    @Test
    @Order(4)
    void aRunBeginsAgainEndsAndIsTriedAgain() throws Exception {
        rollouts("restart", "podinfo").ok();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(podinfo.field("run/podinfo-2", "{.status.weight}"))
                        .isEqualTo("10"));

        rollouts("abort", "podinfo").ok();
        podinfo.awaitPhase("Failed", PATIENCE);
        assertThat(podinfo.image("podinfo-primary")).endsWith(":3.1.0");
        assertThat(podinfo.field("run/podinfo-2", "{.status.ending}")).isEqualTo("aborted by " + ME);

        rollouts("retry", "podinfo").ok();
        podinfo.awaitPhase("Waiting", PATIENCE);
        rollouts("promote", "podinfo").ok();
        podinfo.kubectl("wait", "--for=condition=promoted", "canary/podinfo", "--timeout=60s");
        assertThat(podinfo.phase()).isEqualTo("Succeeded");
        assertThat(podinfo.image("podinfo-primary")).endsWith(":3.1.1");
    }

    @Test
    @Order(5)
    void whatMakesNoSenseIsRefusedWithTheReason() throws Exception {
        Program retry = rollouts("retry", "podinfo");
        assertThat(retry.exit()).isOne();
        assertThat(retry.err()).contains("linnet: podinfo.shop: retry is refused: nothing has failed");
    }

    @Test
    @Order(6)
    void whoMayNotChangeTheCanaryCannotActOnIt() throws Exception {
        podinfo.kubectl("create", "serviceaccount", "guest");
        podinfo.kubectl("create", "rolebinding", "guest", "--clusterrole=view", "--serviceaccount=shop:guest");
        String before = annotation();
        Program refused =
                Linnet.within("rollouts", "abort", "podinfo", "-n", "shop", "--kubeconfig", guestsKubeconfig());
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .contains("User \"system:serviceaccount:shop:guest\" cannot patch resource \"canaries\"");
        assertThat(annotation()).isEqualTo(before);
        assertThat(Linnet.within("rollouts", "list", "-n", "shop", "--kubeconfig", guestsKubeconfig())
                        .ok())
                .contains("Succeeded");
    }

    @Test
    @Order(7)
    void historyTellsWhatWasReleasedHowItEndedAndWhoDidWhat() throws Exception {
        assertThat(rollouts("history", "podinfo").ok().lines())
                .anyMatch(row -> row.matches("CANARY +RUN +VERSION +PHASE +BEGAN +TOOK +WHY AND BY WHOM"))
                .anyMatch(row ->
                        row.matches("podinfo\\.shop +2 +\\S+:3\\.1\\.1 +Failed +20\\S+Z +\\S+ +aborted by " + ME))
                .anyMatch(row -> row.matches("podinfo\\.shop +3 +\\S+:3\\.1\\.1 +Succeeded +20\\S+Z +\\S+"))
                .anyMatch(row -> row.matches(" +20\\S+Z +abort by " + ME))
                .anyMatch(row -> row.matches(" +20\\S+Z +retry by " + ME + ": refused, nothing has failed"));
        List<String> verbs = new ArrayList<>();
        for (JsonNode run :
                json(rollouts("history", "podinfo", "-o", "json")).path(0).path("runs")) {
            run.path("actions").forEach(action -> verbs.add(action.path("verb").asText()));
        }
        assertThat(verbs).contains("approve", "pause", "skip", "resume", "restart", "abort", "retry", "promote");
    }

    @Test
    @Order(8)
    void whoWatchesSeesEachPhase() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(watch.said().stream()
                                .filter(line -> line.startsWith("{"))
                                .map(RolloutsTest::json)
                                .map(view -> view.path("phase").asText()))
                        .containsSubsequence("Initialized", "Waiting", "Progressing", "Failed", "Succeeded"));
    }

    private Program rollouts(String... arguments) {
        List<String> all = new ArrayList<>(List.of("rollouts", "-n", "shop", "--kubeconfig", kubeconfig()));
        all.addAll(List.of(arguments));
        return Linnet.within(all.toArray(String[]::new));
    }

    private String kubeconfig() {
        return cluster.kubeconfig().toString();
    }

    /** The same cluster with a token of another account. */
    private String guestsKubeconfig() throws Exception {
        Path file = folder.resolve("guest");
        if (!Files.exists(file)) {
            String server =
                    podinfo.kubectl("config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}");
            String token = podinfo.kubectl("create", "token", "guest", "--duration=10m")
                    .strip();
            Files.writeString(file, """
                    apiVersion: v1
                    kind: Config
                    current-context: guest
                    contexts: [{name: guest, context: {cluster: here, user: guest}}]
                    clusters: [{name: here, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                    users: [{name: guest, user: {token: "%s"}}]
                    """.formatted(server, token));
        }
        return file.toString();
    }

    private void awaitWeight(int weight) {
        await().atMost(PATIENCE).until(() -> weight().equals(Integer.toString(weight)));
    }

    private String weight() {
        return podinfo.field("canary/podinfo", "{.status.canaryWeight}");
    }

    private String annotation() {
        return podinfo.field("canary/podinfo", "{.metadata.annotations.linnet\\.dev/action}");
    }

    private static JsonNode json(Program program) {
        return json(program.ok());
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
