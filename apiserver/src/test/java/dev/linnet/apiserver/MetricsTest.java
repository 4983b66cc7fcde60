package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resource metrics API over agents that tell what Pods use. */
class MetricsTest {
    private static final String METRICS = "/apis/metrics.k8s.io/v1beta1";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private TestServer server;
    private HttpServer agent;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        server = TestServer.ephemeral(directory);
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/stats/summary", this::answer);
        agent.start();
        node("n1", agent.getAddress().getPort());
        node("silent", 1);
        pod("busy", "n1", "web");
        pod("built-in", "n1", "web");
        pod("elsewhere", "silent", "web");
    }

    @AfterEach
    void stop() {
        agent.stop(0);
        server.close();
    }

    private void node(String name, int port) {
        server.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"disk\":\"fast\"}}}".formatted(name));
        server.patch("/api/v1/nodes/" + name + "/status", "merge", """
                {"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
                 "daemonEndpoints":{"kubeletEndpoint":{"Port":%d}}}}""".formatted(port));
    }

    private void pod(String name, String node, String app) {
        server.post("/api/v1/namespaces/default/pods", """
                {"metadata":{"name":"%s","labels":{"app":"%s"}},
                 "spec":{"nodeName":"%s","containers":[{"name":"c","image":"i"},{"name":"side","image":"i"}]}}""".formatted(name, app, node));
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        String uid = server.get("/api/v1/namespaces/default/pods/busy").text("/metadata/uid");
        byte[] summary = """
                {"node":{"nodeName":"n1","cpu":{"time":"2026-11-30T00:00:05Z","usageNanoCores":251000000},
                         "memory":{"workingSetBytes":10485760}},
                 "window":"15s",
                 "pods":[{"podRef":{"name":"busy","namespace":"default","uid":"%s"},"containers":[
                   {"name":"c","cpu":{"usageNanoCores":250000000},"memory":{"workingSetBytes":8388608}},
                   {"name":"side","cpu":{"usageNanoCores":1000000},"memory":{"workingSetBytes":2097152}}]}]}""".formatted(uid).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, summary.length);
        exchange.getResponseBody().write(summary);
        exchange.close();
    }

    @Test
    void tellsWhatPodsUseOfThoseThatAreMeasured() {
        JsonNode list = server.get(METRICS + "/namespaces/default/pods").json();

        assertThat(list.path("kind").asText()).isEqualTo("PodMetricsList");
        assertThat(list.path("items")).hasSize(1);
        JsonNode pod = list.at("/items/0");
        assertThat(pod.at("/metadata/name").asText()).isEqualTo("busy");
        assertThat(pod.at("/metadata/labels/app").asText()).isEqualTo("web");
        assertThat(pod.path("timestamp").asText()).isEqualTo("2026-11-30T00:00:05Z");
        assertThat(pod.path("window").asText()).isEqualTo("15s");
        assertThat(pod.path("containers").toString())
                .isEqualTo("[{\"name\":\"c\",\"usage\":{\"cpu\":\"250000000n\",\"memory\":\"8192Ki\"}},"
                        + "{\"name\":\"side\",\"usage\":{\"cpu\":\"1000000n\",\"memory\":\"2048Ki\"}}]");
        assertThat(asked).containsExactly("/stats/summary Bearer kubelet-secret");
    }

    @Test
    void tellsWhatNodesUseWhoseAgentsAnswer() {
        assertThat(names(METRICS + "/nodes")).containsExactly("n1");
        assertThat(server.get(METRICS + "/nodes/n1").json().path("usage").toString())
                .isEqualTo("{\"cpu\":\"251000000n\",\"memory\":\"10240Ki\"}");
        assertThat(server.get(METRICS + "/nodes/silent").message())
                .isEqualTo("nodemetrics.metrics.k8s.io \"silent\" not found");
    }

    @Test
    void choosesByLabelsAndNames() {
        assertThat(names(METRICS + "/pods?labelSelector=app%3Dweb")).containsExactly("busy");
        assertThat(names(METRICS + "/pods?labelSelector=app%3Dother")).isEmpty();
        assertThat(names(METRICS + "/pods?fieldSelector=metadata.name%3Dnope")).isEmpty();
        assertThat(names(METRICS + "/nodes?labelSelector=disk%3Dfast")).containsExactly("n1");
        assertThat(server.get(METRICS + "/namespaces/default/pods/busy").text("/kind"))
                .isEqualTo("PodMetrics");
        assertThat(server.get(METRICS + "/namespaces/default/pods/built-in").message())
                .isEqualTo("podmetrics.metrics.k8s.io \"default/built-in\" not found");
    }

    @Test
    void showsTablesWithSums() {
        JsonNode table = server.get(METRICS + "/namespaces/default/pods", TABLE).json();

        assertThat(table.at("/columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "CPU", "Memory", "Window");
        assertThat(table.at("/rows/0/cells").toString()).isEqualTo("[\"busy\",\"251m\",\"10Mi\",\"15s\"]");
    }

    @Test
    void isFoundByBothFormsOfDiscovery() {
        assertThat(server.get("/apis").json().path("groups").findValuesAsText("name"))
                .last()
                .isEqualTo("metrics.k8s.io");
        assertThat(server.get(METRICS).json().path("resources").toString())
                .isEqualTo(
                        "[{\"name\":\"nodes\",\"singularName\":\"\",\"namespaced\":false,\"kind\":\"NodeMetrics\",\"verbs\":[\"get\",\"list\"]},"
                                + "{\"name\":\"pods\",\"singularName\":\"\",\"namespaced\":true,\"kind\":\"PodMetrics\",\"verbs\":[\"get\",\"list\"]}]");
        assertThat(server.get("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
                        .json()
                        .path("items")
                        .findValuesAsText("name"))
                .last()
                .isEqualTo("metrics.k8s.io");
    }

    @Test
    void isForReadersOnly() {
        assertThat(server.delete(METRICS + "/namespaces/default/pods/busy").code())
                .isEqualTo(405);
        assertThat(server.as("stranger")
                        .get(METRICS + "/namespaces/default/pods")
                        .message())
                .isEqualTo(
                        "pods.metrics.k8s.io is forbidden: User \"stranger\" cannot list resource \"pods\" in API group"
                                + " \"metrics.k8s.io\" in the namespace \"default\"");
        server.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """
                {"metadata":{"name":"viewers"},
                 "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},
                 "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"viewer"}]}""");
        assertThat(server.as("viewer").get(METRICS + "/namespaces/default/pods").code())
                .isEqualTo(200);
    }

    private List<String> names(String path) {
        List<String> names = new ArrayList<>();
        server.get(path)
                .json()
                .path("items")
                .forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }
}
