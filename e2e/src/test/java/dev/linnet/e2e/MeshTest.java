package dev.linnet.e2e;

import static dev.linnet.e2e.Share.assertAll;
import static dev.linnet.e2e.Share.assertShare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A frontend and a backend, each in two versions, and rules that say who may see which, as Istio's users write them; nothing runs beside
 * their Pods. The scenes follow each other on one cluster.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class MeshTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST = "frontend.istio-test";
    private static final int REQUESTS = 2_000;

    @SuppressWarnings("NullAway.Init")
    private Cluster cluster;

    @BeforeAll
    void startsTheCluster() throws Exception {
        Kubectl.needed();
        cluster = Cluster.start();
        cluster.applyMeshSample();
    }

    @AfterAll
    void stopsTheCluster() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void leadsTheServicesOfANamespaceToItsGatewaysOnceThoseServe() throws Exception {
        await().atMost(PATIENCE).until(() -> selector("backend").equals("linnet-mesh"));
        await().atMost(PATIENCE).until(() -> selector("frontend").equals("linnet-mesh"));

        assertThat(cluster.kubectl("get", "vs,dr,gw")).contains("backend", "frontend");
        awaitOnly("v1 > backend v1");
    }

    @Test
    @Order(2)
    void shiftsTheBackendByWeightInsideTheCluster() throws Exception {
        for (int weight : new int[] {10, 50}) {
            cluster.apply(MeshRules.everybody(100 - weight, weight));
            awaitAmong("v1 > backend v2");
            Map<String, Long> answers = traffic().send(REQUESTS);
            assertThat(answers).containsOnlyKeys("v1 > backend v1", "v1 > backend v2");
            assertShare(answers, "backend v2", weight / 100.0);
        }
        cluster.apply(MeshRules.everybody(0, 100));
        awaitOnly("v1 > backend v2");
    }

    @Test
    @Order(3)
    void showsTheSecondVersionToTestersWithTheirHeader() throws Exception {
        cluster.apply(MeshRules.testersFirst());
        awaitAmong("v1 > backend v1");

        assertAll(traffic("canary", "canary-tester").send(400), "backend v2");
        assertShare(traffic().send(REQUESTS), "backend v2", 0.1);
    }

    @Test
    @Order(4)
    void letsTheSecondFrontendTalkToTheSecondBackendOnly() throws Exception {
        cluster.apply(MeshRules.secondToSecond());
        awaitOnly("v1 > backend v1");
        cluster.apply(MeshRules.FRONTEND);
        awaitAmong("v2 > backend v2");

        Map<String, Long> answers = traffic().send(REQUESTS);

        assertThat(answers).containsOnlyKeys("v1 > backend v1", "v2 > backend v2");
        assertShare(answers, "v2 > backend v2", 0.1);
    }

    @Test
    @Order(5)
    void drawsWhoHasCalledWhom() throws Exception {
        String inside = cluster.kubectl(
                "get", "pods", "-l", "linnet.dev/mesh-gateway", "-o", "jsonpath={.items[0].status.podIP}:9113");

        assertThat(edges(cluster.address("metrics")))
                .contains(
                        "edge:linnet-system/linnet-gateway workload:default/frontend-v1@v1",
                        "edge:linnet-system/linnet-gateway workload:default/frontend-v2@v2");
        assertThat(edges(inside))
                .contains(
                        "workload:default/frontend-v1@v1 workload:default/backend-v1@v1",
                        "workload:default/frontend-v2@v2 workload:default/backend-v2@v2")
                .doesNotContain("workload:default/frontend-v2@v2 workload:default/backend-v1@v1")
                // What comes by the edge is counted there alone, although the frontend's Service leads to gateways,
                // too.
                .noneMatch(edge -> edge.contains(" workload:default/frontend"));
        assertThat(get("http://" + cluster.address("metrics") + "/metrics"))
                .containsPattern(
                        "istio_requests_total\\{.*destination_version=\"v2\".*reporter=\"destination\".*response_code=\"200\"");
    }

    @Test
    @Order(6)
    void releasesBothTogetherByTheWeightOfTheFirst() throws Exception {
        cluster.apply(MeshRules.together(MeshRules.everybody(100, 0)));
        awaitOnly("v1 > backend v1", "v2 > backend v1");
        cluster.apply(MeshRules.together(
                MeshRules.FRONTEND.replace("weight: 90", "weight: 70").replace("weight: 10", "weight: 30")));
        awaitOnly("v1 > backend v1", "v2 > backend v2");

        Map<String, Long> answers =
                traffic("baggage", "linnet-release=checkout:primary").send(REQUESTS);

        assertThat(answers).containsOnlyKeys("v1 > backend v1", "v2 > backend v2");
        assertShare(answers, "v2 > backend v2", 0.3);
    }

    @Test
    @Order(7)
    void letsAnHttpRouteOfTheServiceHaveTheWord() throws Exception {
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: backend-two, namespace: default}
                spec:
                  selector: {app: backend, version: v2}
                  ports: [{name: http, port: 80, targetPort: http}]
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: backend, namespace: default}
                spec:
                  parentRefs: [{group: "", kind: Service, name: backend}]
                  rules: [{backendRefs: [{name: backend-two, port: 80}]}]
                """);

        awaitOnly("v1 > backend v2", "v2 > backend v2");
        assertAll(traffic().send(200), "backend v2");
        await().atMost(PATIENCE)
                .until(() -> cluster.kubectl(
                                "get",
                                "httproute",
                                "backend",
                                "-o",
                                "jsonpath={.status.parents[0].conditions[?(@.type=='Accepted')].status}")
                        .equals("True"));

        cluster.kubectl("delete", "httproute/backend", "svc/backend-two");
        awaitAmong("v1 > backend v1");
    }

    @Test
    @Order(8)
    void givesServicesBackAsTheyWereWhenTheyOptOut() throws Exception {
        Map<String, Long> meanwhile = traffic().during(400, () -> {
            cluster.kubectl("label", "namespace", "default", "linnet.dev/mesh-");
            await().atMost(PATIENCE).until(() -> selector("backend").equals("backend"));
            await().atMost(PATIENCE)
                    .until(() -> !cluster.kubectl("get", "svc,deploy,configmap", "-o", "name")
                            .contains("linnet"));
            return "";
        });

        assertThat(meanwhile.keySet()).allMatch(answer -> answer.matches("v[12] > backend v[12]"));
        assertThat(cluster.kubectl(
                        "get", "svc", "backend", "-o", "jsonpath={.spec.selector}{.spec.ports[0].targetPort}"))
                .isEqualTo("{\"app\":\"backend\"}http");
        assertThat(cluster.kubectl("get", "svc", "backend", "-o", "jsonpath={.metadata.annotations}"))
                .doesNotContain("linnet.dev");
    }

    private static Set<String> edges(String gateway) throws Exception {
        JsonNode graph = new ObjectMapper().readTree(get("http://" + gateway + "/linnet/v1/graph?window=5m"));
        Set<String> edges = new TreeSet<>();
        graph.path("edges")
                .forEach(edge -> edges.add(
                        edge.path("from").asText() + " " + edge.path("to").asText()));
        return edges;
    }

    private String selector(String service) {
        return cluster.kubectl("get", "svc", service, "-o", "jsonpath={.spec.selector.app}");
    }

    private void awaitOnly(String... answers) {
        await().atMost(PATIENCE).until(() -> traffic().send(100).keySet().equals(Set.of(answers)));
    }

    private void awaitAmong(String answer) {
        await().atMost(PATIENCE).until(() -> traffic().send(100).containsKey(answer));
    }

    private Traffic traffic(String... headers) {
        return new Traffic(cluster.gateway(), HOST, headers).telling("x-frontend");
    }

    private static String get(String url) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
