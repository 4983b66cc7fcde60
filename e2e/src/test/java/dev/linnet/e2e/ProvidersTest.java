package dev.linnet.e2e;

import static dev.linnet.e2e.Share.assertAll;
import static dev.linnet.e2e.Share.assertShare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Canaries whose providers are Istio and Gateway API, with nothing but our own gateways: they obey what the controller writes, and tell it how
 * the new version does. Each release has a namespace of its own, and users who must not notice it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProvidersTest {
    private static final boolean ALL = Boolean.getBoolean("linnet.all");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int USERS = 60;
    private static final String SUCCESS = """
            metrics:
            - {name: request-success-rate, thresholdRange: {min: 99}, interval: 10s}
            """;
    private static final String GATED = """
            stepWeights: [20, 50]
            webhooks:
            - {name: gate, type: confirm-promotion, url: "http://flagger-loadtester.NAMESPACE/gate/halt"}
            """ + SUCCESS;

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

    @ParameterizedTest
    @EnumSource
    void givesEachVersionItsShareStepByStepAndPromotesTheGoodOne(Provider provider) throws Exception {
        String namespace = provider.namespace("weighted");
        cluster.apply(Linnet.within("sample", "loadtester", "-n", namespace).ok());
        Canary podinfo = initialized(provider, namespace, GATED.replace("NAMESPACE", namespace));
        podinfo.kubectl("rollout", "status", "deploy/flagger-loadtester", "--timeout=60s");

        try (Users users = users(namespace)) {
            setImage(podinfo, "3.1.1");
            podinfo.awaitPhase("WaitingPromotion", PATIENCE);
            Map<String, Long> answers = traffic(namespace).send(2_000);
            assertShare(answers, "podinfo v3.1.1", 0.5);
            assertShare(answers, "podinfo v3.1.0", 0.5);
            approve(namespace);
            podinfo.awaitPhase("Succeeded", PATIENCE);
            assertOnly(users, "200 of 3\\.1\\.[01]");
        }

        assertEvents(
                podinfo,
                "Normal Advance podinfo.NAMESPACE canary weight 20",
                "Normal Advance podinfo.NAMESPACE canary weight 50",
                "Normal Copying podinfo.NAMESPACE template spec to podinfo-primary.NAMESPACE",
                "Normal Routing all traffic to primary",
                "Normal Promotion completed! Scaling down podinfo.NAMESPACE");
        assertThat(podinfo.image("podinfo-primary")).endsWith(":3.1.1");
        assertThat(podinfo.field("run/podinfo-1", "{.status.metrics[0]}"))
                .contains("\"name\":\"request-success-rate\"", "\"value\":100", "\"verdict\":\"pass\"");
        assertThat(podinfo.events()).noneMatch(event -> event.contains("not all gateways have followed"));
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void takesAVersionThatFailsItsUsersBack(Provider provider) throws Exception {
        String namespace = provider.namespace("bad");
        Canary podinfo = initialized(provider, namespace, "stepWeights: [10, 50]\n" + SUCCESS);

        try (Users users = users(namespace)) {
            breaks(podinfo, "3.1.1");
            podinfo.awaitPhase("Failed", PATIENCE);
            assertOnly(users, "200 of 3\\.1\\.0|500( of 3\\.1\\.1)?");
        }

        assertEvents(
                podinfo,
                "Normal Advance podinfo.NAMESPACE canary weight 10",
                "Warning Canary failed! Scaling down podinfo.NAMESPACE");
        assertThat(podinfo.image("podinfo-primary")).endsWith(":3.1.0");
        assertAll(traffic(namespace).send(200), "podinfo v3.1.0");
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void showsANewVersionToInsidersOnly(Provider provider) throws Exception {
        String namespace = provider.namespace("ab");
        Canary podinfo = initialized(provider, namespace, """
                iterations: 5
                match:
                - headers: {x-canary: {exact: insider}}
                """ + SUCCESS);
        Traffic insiders = traffic(namespace, "x-canary", "insider");

        setImage(podinfo, "3.1.1");
        await().atMost(PATIENCE)
                .until(() ->
                        podinfo.events().contains("Normal Advance podinfo." + namespace + " canary iteration 1/5"));
        assertAll(insiders.send(100), "podinfo v3.1.1");
        assertAll(traffic(namespace).send(100), "podinfo v3.1.0");
        podinfo.awaitPhase("Succeeded", PATIENCE, Duration.ofMillis(200), () -> insiders.send(40));

        assertEvents(
                podinfo,
                "Normal Advance podinfo.NAMESPACE canary iteration 5/5",
                "Normal Routing all traffic to primary",
                "Normal Promotion completed! Scaling down podinfo.NAMESPACE");
        assertAll(traffic(namespace).send(100), "podinfo v3.1.1");
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void switchesFromBlueToGreenAtOnce(Provider provider) throws Exception {
        String namespace = provider.namespace("bluegreen");
        Canary podinfo = initialized(provider, namespace, "iterations: 3\n");

        try (Users users = users(namespace)) {
            setImage(podinfo, "3.1.1");
            podinfo.awaitPhase("Succeeded", PATIENCE);
            assertOnly(users, "200 of 3\\.1\\.[01]");
        }

        assertEvents(
                podinfo,
                "Normal Advance podinfo.NAMESPACE canary iteration 3/3",
                "Normal Routing all traffic to canary",
                "Normal Routing all traffic to primary",
                "Normal Promotion completed! Scaling down podinfo.NAMESPACE");
    }

    static List<Provider> some() {
        return ALL ? List.of(Provider.values()) : List.of(Provider.ISTIO);
    }

    @ParameterizedTest
    @MethodSource("some")
    void judgesANewVersionByCopiesOfRequestsBeforeAnybodyMeetsIt(Provider provider) throws Exception {
        String namespace = provider.namespace("mirror");
        Canary podinfo = initialized(provider, namespace, "iterations: 3\nmirror: true\n" + SUCCESS);

        try (Users users = users(namespace)) {
            breaks(podinfo, "3.1.1");
            podinfo.awaitPhase("Failed", PATIENCE);
            assertThat(podinfo.events())
                    .contains("Normal Advance podinfo." + namespace + " canary iteration 1/3")
                    .doesNotContain("Normal Stop traffic mirroring and route all traffic to canary");
            assertOnly(users, "200 of 3\\.1\\.0");
        }
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void promotesANewVersionThatDoesWellWithCopies(Provider provider) throws Exception {
        String namespace = provider.namespace("mirrored");
        Canary podinfo = initialized(provider, namespace, "iterations: 3\nmirror: true\n" + SUCCESS);

        try (Users users = users(namespace)) {
            setImage(podinfo, "3.1.1");
            podinfo.awaitPhase("Succeeded", PATIENCE);
            assertOnly(users, "200 of 3\\.1\\.[01]");
        }

        assertEvents(
                podinfo,
                "Normal Stop traffic mirroring and route all traffic to canary",
                "Normal Promotion completed! Scaling down podinfo.NAMESPACE");
    }

    @Test
    @EnabledIfSystemProperty(named = "linnet.all", matches = "true")
    void copiesRequestsBeforeTheFirstStepOfAWeightedReleaseWithIstio() throws Exception {
        String namespace = Provider.ISTIO.namespace("mirrored-steps");
        Canary podinfo =
                initialized(Provider.ISTIO, namespace, "stepWeights: [50]\nmirror: true\nmirrorWeight: 80\n" + SUCCESS);

        try (Users users = users(namespace)) {
            setImage(podinfo, "3.1.1");
            podinfo.awaitPhase("Succeeded", PATIENCE);
            assertOnly(users, "200 of 3\\.1\\.[01]");
        }

        assertEvents(
                podinfo,
                "Normal Advance podinfo.NAMESPACE canary weight 0",
                "Normal Advance podinfo.NAMESPACE canary weight 50",
                "Normal Promotion completed! Scaling down podinfo.NAMESPACE");
    }

    /** The Service that callers use passes through gateways, and belongs to a release: both change what it leads to. */
    @Test
    void releasesAServiceOfTheMeshToCallersInsideTheCluster() throws Exception {
        String namespace = Provider.ISTIO.namespace("inside");
        cluster.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: NAMESPACE, labels: {linnet.dev/mesh: "true"}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo, namespace: NAMESPACE}
                spec:
                  selector: {app: podinfo}
                  ports: [{name: http, port: 80, targetPort: http}]
                """.replace("NAMESPACE", namespace));
        cluster.apply(Provider.ISTIO.inside(namespace, "stepWeights: [20, 50]\n" + SUCCESS));
        Canary podinfo = new Canary(cluster, namespace, "podinfo");
        podinfo.awaitPhase("Initialized", PATIENCE);
        await().atMost(PATIENCE).until(() -> selector(podinfo).equals("linnet-mesh"));
        assertThat(original(podinfo)).contains("{\"app\":\"podinfo-primary\"}");
        URI service = URI.create("http://" + podinfo.field("svc/podinfo", "{.spec.clusterIP}"));

        try (Users users = new Users(service, "podinfo", USERS)) {
            setImage(podinfo, "3.1.1");
            podinfo.awaitPhase("Succeeded", PATIENCE);
            assertThat(selector(podinfo)).isEqualTo("linnet-mesh");
            assertThat(users.answers()).containsKeys("200 of 3.1.0", "200 of 3.1.1");
            podinfo.kubectl("delete", "canary", "podinfo");
            await().atMost(PATIENCE)
                    .until(() -> podinfo.replicas("podinfo").equals("1")
                            && original(podinfo).contains("{\"app\":\"podinfo\"}"));
            podinfo.kubectl("label", "namespace", namespace, "linnet.dev/mesh-");
            await().atMost(PATIENCE).until(() -> selector(podinfo).equals("podinfo"));
            assertOnly(users, "200 of 3\\.1\\.[01]");
        }

        assertEvents(podinfo, "Normal Advance podinfo.NAMESPACE canary weight 50");
        assertThat(podinfo.field("svc/podinfo", "{.metadata.annotations}")).doesNotContain("linnet.dev/original");
    }

    @ParameterizedTest
    @MethodSource("some")
    void keepsUsersAtTheVersionThatTheyHaveMetUntilTheRunIsOver(Provider provider) throws Exception {
        String namespace = provider.namespace("sticky");
        cluster.apply(Linnet.within("sample", "loadtester", "-n", namespace).ok());
        Canary podinfo = initialized(
                provider,
                namespace,
                GATED.replace("NAMESPACE", namespace).replace("[20, 50]", "[50]")
                        + "sessionAffinity: {cookieName: canary-cookie, primaryCookieName: primary-cookie}\n");
        podinfo.kubectl("rollout", "status", "deploy/flagger-loadtester", "--timeout=60s");
        setImage(podinfo, "3.1.1");
        try (Users _ = users(namespace)) {
            podinfo.awaitPhase("WaitingPromotion", PATIENCE);
        }

        Set<String> told = traffic(namespace).telling("Set-Cookie").send(100).keySet();
        String canary = cookie(told, "canary-cookie=\\w{10}; Max-Age=86400 > .*podinfo v3.1.1.*");
        String primary = cookie(told, "primary-cookie=\\w{10}; Max-Age=1 > .*podinfo v3.1.0.*");
        assertThat(told).allMatch(answer -> answer.startsWith(canary + ";") || answer.startsWith(primary + ";"));
        assertAll(traffic(namespace, "Cookie", "a=b; " + canary).send(60), "podinfo v3.1.1");
        assertAll(traffic(namespace, "Cookie", primary + "; a=b").send(60), "podinfo v3.1.0");

        approve(namespace);
        podinfo.awaitPhase("Succeeded", PATIENCE);
        assertAll(traffic(namespace, "Cookie", canary).telling("Set-Cookie").send(40), canary + "; Max-Age=-1 > ");
        assertAll(traffic(namespace).telling("Set-Cookie").send(40), "nobody > ");
    }

    /** The cookie of the answer that looks like this. */
    private static String cookie(Set<String> told, String answer) {
        return told.stream()
                .filter(Pattern.compile(answer, Pattern.DOTALL).asMatchPredicate())
                .map(text -> text.substring(0, text.indexOf(';')))
                .findFirst()
                .orElseThrow(() -> new AssertionError(told + " has none like " + answer));
    }

    private Traffic traffic(String namespace, String... headers) {
        return new Traffic(cluster.gateway(), Provider.host(namespace), headers);
    }

    private void approve(String namespace) {
        Linnet.within(
                        "rollouts",
                        "approve",
                        "podinfo",
                        "-n",
                        namespace,
                        "--kubeconfig",
                        cluster.kubeconfig().toString())
                .ok();
    }

    private static String selector(Canary podinfo) {
        return podinfo.field("svc/podinfo", "{.spec.selector.app}");
    }

    private static String original(Canary podinfo) {
        return podinfo.field("svc/podinfo", "{.metadata.annotations.linnet\\.dev/original}");
    }

    private Canary initialized(Provider provider, String namespace, String analysis) throws Exception {
        cluster.apply(provider.manifests(namespace, analysis));
        Canary podinfo = new Canary(cluster, namespace, "podinfo");
        podinfo.awaitPhase("Initialized", PATIENCE);
        assertThat(podinfo.kubectl("get", provider.route(), "-o", "name")).isNotBlank();
        Traffic anybody = traffic(namespace);
        await().atMost(PATIENCE)
                .until(() -> anybody.send(8).keySet().stream().allMatch(answer -> answer.contains("podinfo v3.1.0")));
        return podinfo;
    }

    private Users users(String namespace) {
        return new Users(cluster.gateway(), Provider.host(namespace), USERS);
    }

    private static void setImage(Canary podinfo, String version) {
        podinfo.setImage("podinfod", "stefanprodan/podinfo:" + version);
    }

    /** A version that answers each request with 500. */
    private static void breaks(Canary podinfo, String version) {
        new Podinfo(podinfo).release(version, "1");
    }

    private static void assertOnly(Users users, String pattern) {
        assertThat(users.answers()).isNotEmpty();
        assertThat(users.answers().keySet()).allMatch(answer -> answer.matches(pattern));
    }

    private static void assertEvents(Canary podinfo, String... texts) {
        String[] own = texts.clone();
        for (int i = 0; i < own.length; i++) {
            own[i] = own[i].replace("NAMESPACE", podinfo.namespace());
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(podinfo.events()).containsSubsequence(own));
    }
}
