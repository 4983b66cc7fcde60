package dev.linnet.numbers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Graphs as JSON: {@code {gateway, at, window, nodes: [{id, kind, namespace, workload, app, version}], edges: [{from, to, service, requests,
 * rate, share, errorRate, p50, p90, p95, p99, status, failures, latency}]}}. Instants are ISO-8601 text, durations seconds. Rates and
 * percentiles are there for whoever only shows them; reading takes the counts.
 */
public final class GraphJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private GraphJson() {}

    public static String write(Graph graph) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("gateway", graph.gateway());
        fields.put("at", graph.at().toString());
        fields.put("window", graph.window().toMillis() / 1000.0);
        fields.put("nodes", graph.nodes().stream().map(GraphJson::node).toList());
        fields.put("edges", graph.edges().stream().map(GraphJson::edge).toList());
        try {
            return JSON.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> node(Graph.Node node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", node.id());
        fields.put("kind", node.kind().label());
        fields.put("namespace", node.namespace());
        fields.put("workload", node.workload());
        fields.put("app", node.app());
        fields.put("version", node.version());
        return fields;
    }

    private static Map<String, Object> edge(Graph.Edge edge) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("from", edge.from());
        fields.put("to", edge.to());
        fields.put("service", edge.service());
        fields.put("requests", edge.requests());
        fields.put("rate", edge.rate());
        fields.put("share", edge.share());
        fields.put("errorRate", edge.errorRate());
        fields.put("p50", edge.quantile(0.5));
        fields.put("p90", edge.quantile(0.9));
        fields.put("p95", edge.quantile(0.95));
        fields.put("p99", edge.quantile(0.99));
        fields.put("status", edge.status());
        fields.put("failures", edge.failures());
        fields.put("latency", edge.latency());
        return fields;
    }

    /** Reads what {@link #write} wrote. Unknown fields are left out, so that gateways of different versions can be read. */
    public static Graph read(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            double seconds = root.path("window").asDouble();
            List<Graph.Node> nodes = new ArrayList<>();
            root.path("nodes").forEach(node -> nodes.add(node(node)));
            List<Graph.Edge> edges = new ArrayList<>();
            root.path("edges").forEach(edge -> edges.add(edge(edge, seconds)));
            return Graph.of(
                    root.path("gateway").asText(),
                    Instant.parse(root.path("at").asText()),
                    Duration.ofMillis(Math.round(seconds * 1000)),
                    nodes,
                    edges);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Graph.Node node(JsonNode node) {
        return new Graph.Node(
                node.path("id").asText(),
                Graph.Kind.valueOf(node.path("kind").asText().toUpperCase(Locale.ROOT)),
                node.path("namespace").asText(),
                node.path("workload").asText(),
                node.path("app").asText(),
                node.path("version").asText());
    }

    private static Graph.Edge edge(JsonNode edge, double seconds) {
        TypeReference<Map<String, Long>> counts = new TypeReference<>() {};
        return new Graph.Edge(
                edge.path("from").asText(),
                edge.path("to").asText(),
                edge.path("service").asText(),
                edge.path("requests").asLong(),
                seconds,
                0,
                JSON.convertValue(edge.path("status"), counts),
                JSON.convertValue(edge.path("failures"), counts),
                JSON.convertValue(edge.path("latency"), Snapshot.Latency.class));
    }
}
