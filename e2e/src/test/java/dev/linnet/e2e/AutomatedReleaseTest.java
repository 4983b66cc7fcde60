package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The story of a tutorial about Flagger with ingress-nginx, with its manifests: a release by weight, one that is taken back, and one for an
 * audience. A person only sets an image; the load tester tests and makes the load. The scenes follow each other on one cluster, as there.
 *
 * <p>Usually intervals last a second or two. With {@code --all} nothing is changed, and it takes 20 minutes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AutomatedReleaseTest {
    private static final boolean AS_WRITTEN = Boolean.getBoolean("linnet.all");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PATIENCE_WITH_A_RELEASE = AS_WRITTEN ? Duration.ofMinutes(15) : Duration.ofMinutes(2);
    private static final String HOST = "app.example.com";
    private static final String PROMOTED =
            "#flagger flagger podinfo.test [good] Canary analysis completed successfully, promotion finished.";

    @SuppressWarnings("NullAway.Init")
    private AlertReceiver slack;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private Canary podinfo;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        slack = AlertReceiver.start();
        cluster = Cluster.start(
                "--controller-args", "-slack-url=" + slack.url() + " -slack-channel=flagger -slack-user=flagger");
        podinfo = new Canary(cluster, "test", "podinfo");
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        slack.close();
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void aCanaryTakesItsTargetOverWithoutBeingAsked() throws Exception {
        cluster.apply(Linnet.within("sample", "podinfo").ok());
        cluster.apply(Linnet.within("sample", "loadtester", "-n", "test").ok());
        cluster.apply(Manifests.read("seeds/002-ingress.yaml", Map.of()));
        cluster.apply(manifest("002-canary", "1s"));

        podinfo.awaitPhase("Initialized", PATIENCE);
        podinfo.kubectl("wait", "--for=condition=promoted", "canary/podinfo", "--timeout=10s");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(podinfo.kubectl("get", "deploy,svc,ing"))
                        .containsPattern("deployment.apps/flagger-loadtester +1/1 +1 +1 ")
                        .containsPattern("deployment.apps/podinfo +0/0 +0 +0 ")
                        .containsPattern("deployment.apps/podinfo-primary +2/2 +2 +2 ")
                        .containsPattern("service/flagger-loadtester +ClusterIP +\\S+ +<none> +80/TCP ")
                        .containsPattern("service/podinfo +ClusterIP +\\S+ +<none> +80/TCP ")
                        .containsPattern("service/podinfo-canary +ClusterIP +\\S+ +<none> +80/TCP ")
                        .containsPattern("service/podinfo-primary +ClusterIP +\\S+ +<none> +80/TCP ")
                        .containsPattern("ingress\\S+/podinfo +\\S+ +app.example.com +127\\S+ ")
                        .containsPattern("ingress\\S+/podinfo-canary +\\S+ +app.example.com "));
        assertThat(podinfo.kubectl("get", "hpa", "podinfo-primary", "-o", "name"))
                .contains("podinfo-primary");
        assertThat(cluster.kubectl("get", "canaries", "--all-namespaces"))
                .containsPattern("NAMESPACE +NAME +STATUS +WEIGHT +LASTTRANSITIONTIME")
                .containsPattern("test +podinfo +Initialized +0 +20");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(podinfo.events())
                        .containsSubsequence(
                                "Normal all the metrics providers are available!",
                                "Normal Initialization done! podinfo.test"));
        new Traffic(cluster.gateway(), HOST).send(50);
    }

    @Test
    @Order(2)
    void aGoodVersionIsPromotedStepByStepUnderLoad() throws Exception {
        Map<String, Long> answers = new TreeMap<>();
        Traffic users = new Traffic(cluster.gateway(), HOST);
        try (Following canaries = Following.start(
                List.of(
                        Kubectl.PROGRAM,
                        "--kubeconfig=" + cluster.kubeconfig(),
                        "get",
                        "canaries",
                        "--all-namespaces",
                        "--watch"),
                Map.of("HOME", String.valueOf(cluster.kubeconfig().getParent())))) {
            await().atMost(PATIENCE).until(() -> !canaries.said().isEmpty());
            setImage("3.1.1");
            podinfo.awaitPhase("Succeeded", PATIENCE_WITH_A_RELEASE, Duration.ofMillis(200), () -> {
                users.send(60).forEach((answer, times) -> answers.merge(answer, times, Long::sum));
                return true;
            });
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(statusAndWeight(canaries.said()))
                            .containsSubsequence(Stream.of(
                                            Stream.of("Initialized 0"),
                                            weights().map(weight -> "Progressing " + weight),
                                            Stream.of("Promoting 50", "Finalising 0", "Succeeded 0"))
                                    .flatMap(rows -> rows)
                                    .toList()));
        }

        assertThat(answers.keySet()).allMatch(answer -> answer.startsWith("{"), "an answer of podinfo");
        assertEventsInOrder(Stream.of(
                        Stream.of(
                                "Normal New revision detected! Scaling up podinfo.test",
                                "Normal Starting canary analysis for podinfo.test",
                                "Normal Pre-rollout check acceptance-test passed"),
                        weights().map(weight -> "Normal Advance podinfo.test canary weight " + weight),
                        Stream.of(
                                "Normal Copying podinfo.test template spec to podinfo-primary.test",
                                "Normal Routing all traffic to primary",
                                "Normal Promotion completed! Scaling down podinfo.test"))
                .flatMap(texts -> texts)
                .toList());
        assertThat(podinfo.image("podinfo-primary")).endsWith(":3.1.1");
        assertThat(podinfo.replicas("podinfo")).isEqualTo("0");
        assertThat(podinfo.kubectl("describe", "canary/podinfo"))
                .containsPattern("Canary Weight: +0")
                .containsPattern("Message: +Canary analysis completed successfully, promotion finished\\.")
                .containsPattern("Type: +Promoted")
                .containsPattern("Phase: +Succeeded")
                .containsPattern("Normal +Synced +\\S+ +flagger +Advance podinfo\\.test canary weight 45")
                .containsPattern("Warning +Synced +\\S+ +flagger +canary deployment podinfo\\.test not ready: waiting"
                        + " for rollout to finish: ");
        podinfo.kubectl("wait", "--for=condition=promoted", "canary/podinfo", "--timeout=10s");
        assertThat(podinfo.kubectl("logs", "deploy/flagger-loadtester"))
                .contains(
                        "podinfo.test: runs curl -sd 'test' http://podinfo-canary/token | grep token",
                        "podinfo.test: runs hey -z 1m -q 10 -c 2 http://app.example.com/")
                .doesNotContain("failed");
        assertAlerted(
                "#flagger flagger podinfo.test [good] New revision detected, progressing canary analysis."
                        + " {Failed checks threshold=10, Progress deadline=60s, Target=Deployment/podinfo.test,"
                        + " Traffic routing=Weight step: 5 max: 50}",
                PROMOTED);
    }

    @Test
    @Order(3)
    void aVersionIsTakenBackWhileRequestsFail() throws Exception {
        setImage("3.1.2");
        podinfo.awaitPhase("Progressing", PATIENCE);
        Traffic failing = Traffic.to(cluster.gateway(), "/status/500", HOST);
        podinfo.awaitPhase(
                "Failed",
                PATIENCE_WITH_A_RELEASE,
                // As `watch curl` does, or as many people would.
                AS_WRITTEN ? Duration.ofSeconds(2) : Duration.ofMillis(200),
                () -> failing.send(AS_WRITTEN ? 1 : 40));

        assertThat(cluster.kubectl("get", "canaries", "--all-namespaces")).containsPattern("test +podinfo +Failed +0 ");
        assertEventsInOrder(List.of(
                "Normal Advance podinfo.test canary weight 5",
                "Warning Rolling back podinfo.test failed checks threshold reached 10",
                "Warning Canary failed! Scaling down podinfo.test"));
        assertThat(podinfo.events())
                .anyMatch(
                        event -> event.matches("Warning Halt podinfo\\.test advancement success rate [0-9.]+% < 99%"));
        assertThat(podinfo.image("podinfo-primary")).endsWith(":3.1.1");
        assertThat(podinfo.replicas("podinfo")).isEqualTo("0");
        assertThat(podinfo.field(
                        "ingress/podinfo-canary",
                        "{.metadata.annotations.nginx\\.ingress\\.kubernetes\\.io/canary-weight}"))
                .isEqualTo("0");
        assertAlerted("#flagger flagger podinfo.test [danger] Failed checks threshold reached 10");
        answersWith("3.1.1");
    }

    @Test
    @Order(4)
    void insidersTryAVersionThatNobodyElseMeets() throws Exception {
        cluster.apply(manifest("002-canary-ab", "2s")); // the load tester's requests need a moment on a busy machine
        setImage("3.1.3");
        await().atMost(PATIENCE)
                .until(() -> podinfo.events().contains("Normal Advance podinfo.test canary iteration 1/10"));

        answersWith("3.1.1");
        answersWith("3.1.3", "X-Canary", "insider");
        answersWith("3.1.3", "Cookie", "canary=always");

        // Nobody but the load tester calls the new version now: had its requests not arrived, no check would pass.
        podinfo.awaitPhase("Succeeded", PATIENCE_WITH_A_RELEASE);
        assertEventsInOrder(Stream.of(
                        IntStream.rangeClosed(1, 10)
                                .mapToObj(i -> "Normal Advance podinfo.test canary iteration " + i + "/10"),
                        Stream.of(
                                "Normal Copying podinfo.test template spec to podinfo-primary.test",
                                "Normal Routing all traffic to primary",
                                "Normal Promotion completed! Scaling down podinfo.test"))
                .flatMap(texts -> texts)
                .toList());
        assertThat(podinfo.kubectl("logs", "deploy/flagger-loadtester"))
                .contains("runs hey -z 1m -q 10 -c 2 -H 'Cookie: canary=always' http://app.example.com/");
        assertAlerted(
                "#flagger flagger podinfo.test [good] New revision detected, progressing canary analysis."
                        + " {Failed checks threshold=10, Progress deadline=60s, Target=Deployment/podinfo.test,"
                        + " Traffic routing=A/B Testing}",
                PROMOTED);
        answersWith("3.1.3");
    }

    @Test
    @Order(5)
    void prometheusAndTheRunsKnowWhatHappened() throws Exception {
        assertThat(podinfo.kubectl("get", "run", "podinfo-1", "-o", "jsonpath={.status.metrics[0]}"))
                .contains("\"name\":\"request-success-rate\"", "\"min\":99", "\"value\":100", "\"verdict\":\"pass\"");
        String checked = podinfo.kubectl("get", "run", "podinfo-1", "-o", "jsonpath={.status.checks[*].weight}");
        assertThat(Stream.of(checked.split(" ")).distinct().map(Integer::valueOf))
                .containsExactlyElementsOf(weights().toList());
        String of = ",name=\"podinfo\",namespace=\"test\"} 1";
        assertThat(controllerMetrics().lines())
                .contains(
                        "flagger_canary_total{namespace=\"test\"} 1",
                        "flagger_canary_status{name=\"podinfo\",namespace=\"test\"} 1",
                        "flagger_canary_weight{namespace=\"test\",workload=\"podinfo-primary\"} 100",
                        "flagger_canary_successes_total{analysis_status=\"completed\",deployment_strategy=\"canary\""
                                + of,
                        "flagger_canary_successes_total{analysis_status=\"completed\",deployment_strategy=\"ab-testing\""
                                + of,
                        "flagger_canary_failures_total{analysis_status=\"completed\",deployment_strategy=\"canary\""
                                + of);
    }

    @Test
    @Order(6)
    void dashboardsAndAlertsAskForWhatIsThere() throws Exception {
        String gateways = get(URI.create("http://" + cluster.address("metrics") + "/metrics"));
        ExportedMetrics exported = ExportedMetrics.of(List.of(controllerMetrics(), gateways));

        List<Dashboards.Question> questions = Dashboards.all();

        assertThat(questions).hasSizeGreaterThan(50);
        questions.forEach(question -> Dashboards.assertAnswerable(question, exported));
    }

    @Test
    @Order(7)
    void aRealPrometheusUnderstandsEachOfThem() throws Exception {
        try (Prometheus prometheus = Prometheus.reading(cluster.address("metrics"), controller())) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(prometheus.query("flagger_canary_status").at("/data/result"))
                        .isNotEmpty();
                assertThat(prometheus.query("nginx_ingress_controller_requests").at("/data/result"))
                        .isNotEmpty();
                assertThat(prometheus.rules().findValuesAsText("health"))
                        .isNotEmpty()
                        .containsOnly("ok");
            });

            for (Dashboards.Question question : Dashboards.all()) {
                assertThat(prometheus
                                .query(question.withVariables())
                                .path("status")
                                .asText())
                        .as(question.where())
                        .isEqualTo("success");
            }
        }
    }

    private String controllerMetrics() throws Exception {
        return get(URI.create("http://" + controller() + "/metrics"));
    }

    private String controller() {
        String pod = cluster.kubectl(
                "-n",
                "linnet-system",
                "get",
                "pods",
                "-l",
                "app.kubernetes.io/name=linnet-controller",
                "-o",
                "jsonpath={.items[0].status.podIP}");
        return pod + ":8080";
    }

    private static String get(URI uri) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    /** What its seed shows, with other intervals unless all is asked for. */
    private static String manifest(String name, String interval) {
        String asWritten = Manifests.read("seeds/" + name + ".yaml", Map.of());
        return AS_WRITTEN
                ? asWritten
                : asWritten.replaceAll("(?m)^    interval: (10s|1m)$", "    interval: " + interval);
    }

    private static Stream<Integer> weights() {
        return IntStream.rangeClosed(1, 10).mapToObj(step -> 5 * step);
    }

    private void setImage(String version) {
        podinfo.setImage("podinfod", "stefanprodan/podinfo:" + version);
    }

    private static List<String> statusAndWeight(List<String> rows) {
        Pattern row = Pattern.compile("test +podinfo +(\\S+) +(\\d+) .*");
        List<String> seen = new ArrayList<>();
        for (String line : rows) {
            Matcher matcher = row.matcher(line);
            if (matcher.matches()) {
                seen.add(matcher.group(1) + " " + matcher.group(2));
            }
        }
        return seen;
    }

    private void answersWith(String version, String... headers) throws Exception {
        assertThat(new Traffic(cluster.gateway(), HOST, headers).send(40).keySet())
                .allMatch(answer -> answer.contains("greetings from podinfo v" + version), version);
    }

    private void assertEventsInOrder(List<String> texts) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(podinfo.events()).containsSubsequence(texts));
    }

    /** The last ones that Slack was told, in this order. In an interval of a second there may be no request, which has an alert of its own. */
    private void assertAlerted(String... last) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(slack.alerts().stream()
                                .filter(alert -> !alert.contains("saw no traffic"))
                                .toList())
                        .endsWith(last));
    }
}
