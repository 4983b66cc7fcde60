package dev.linnet.numbers;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
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
    private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};
    private static final TypeReference<Snapshot.Latency> LATENCY = new TypeReference<>() {};
    private static final TypeReference<List<JsonNode>> LIST = new TypeReference<>() {};

    /** Shorter ones would make rates of next to nothing. */
    private static final double SHORTEST = 0.001;

    private GraphJson() {}

    public static String write(Graph graph) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("gateway", graph.gateway());
        fields.put("at", graph.at().toString());
        fields.put("window", graph.window().toMillis() / 1000.0);
        fields.put("nodes", graph.nodes().stream().map(GraphJson::node).toList());
        fields.put("edges", graph.edges().stream().map(GraphJson::edge).toList());
        return GatewayJson.write(fields);
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

    /**
     * Reads what {@link #write} wrote. Unknown fields are left out, so that gateways of different versions can be read.
     *
     * @throws IllegalArgumentException if something is missing, or is of another shape
     */
    public static Graph read(String json) {
        return GatewayJson.read(json, GraphJson::graph);
    }

    private static Graph graph(JsonNode root) {
        double seconds = seconds(GatewayJson.field(root, "window"));
        return Graph.of(
                GatewayJson.text(root, "gateway"),
                GatewayJson.instant(root, "at"),
                Duration.ofMillis(Math.round(seconds * 1000)),
                GatewayJson.value(root, "nodes", LIST).stream()
                        .map(GraphJson::node)
                        .toList(),
                GatewayJson.value(root, "edges", LIST).stream()
                        .map(edge -> edge(edge, seconds))
                        .toList());
    }

    /** None at all is that of a gateway that has only just begun. */
    private static double seconds(JsonNode window) {
        double seconds = window.isNumber() ? window.doubleValue() : Double.NaN;
        if (seconds != 0 && !(seconds >= SHORTEST && seconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "window is " + window + " (expected: 0, or seconds from " + SHORTEST + ")");
        }
        return seconds;
    }

    private static long requests(JsonNode edge) {
        JsonNode requests = GatewayJson.field(edge, "requests");
        if (!requests.isIntegralNumber() || !requests.canConvertToLong() || requests.longValue() < 0) {
            throw new IllegalArgumentException("requests is " + requests + " (expected: a number from 0)");
        }
        return requests.longValue();
    }

    private static Graph.Node node(JsonNode node) {
        return new Graph.Node(
                GatewayJson.text(node, "id"),
                Graph.Kind.valueOf(GatewayJson.text(node, "kind").toUpperCase(Locale.ROOT)),
                GatewayJson.text(node, "namespace"),
                GatewayJson.text(node, "workload"),
                GatewayJson.text(node, "app"),
                GatewayJson.text(node, "version"));
    }

    private static Graph.Edge edge(JsonNode edge, double seconds) {
        return new Graph.Edge(
                GatewayJson.text(edge, "from"),
                GatewayJson.text(edge, "to"),
                GatewayJson.text(edge, "service"),
                requests(edge),
                seconds,
                0,
                GatewayJson.value(edge, "status", COUNTS),
                GatewayJson.value(edge, "failures", COUNTS),
                GatewayJson.value(edge, "latency", LATENCY));
    }
}
