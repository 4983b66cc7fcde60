package dev.linnet.console.graph;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.console.graph.Layout.Call;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.Graph.Edge;
import dev.linnet.numbers.Graph.Kind;
import dev.linnet.numbers.Graph.Node;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A graph as it is drawn: what is left of it after somebody's wishes, and what each part says. */
public final class Picture {
    /** From which part of failed requests on it is red. */
    static final double MANY = 0.05;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Three digits are what anybody reads, and what stays the same need not be sent. */
    private static final MathContext DIGITS = new MathContext(3);

    private final Map<String, Release> releases;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<Call, Edge> edges = new LinkedHashMap<>();

    /**
     * The part that a workload plays in a release under way.
     *
     * @param address of the release's page
     * @param weight  its share in percent
     */
    public record Release(String address, boolean canary, int weight) {}

    private Picture(Map<String, Release> releases) {
        this.releases = releases;
    }

    /**
     * The picture, as JSON for the script that draws it: where things stand ({@code places}), which changes rarely, and what they say now
     * ({@code graph}).
     *
     * @param releases by workload: {@code default/podinfo-primary}
     * @param places   of whoever looks
     */
    public static Map<String, String> of(Graph graph, Wish wish, Map<String, Release> releases, Places places) {
        Picture picture = new Picture(releases);
        Map<String, Node> all = new HashMap<>();
        graph.nodes().forEach(node -> all.put(node.id(), node));
        graph.edges().stream()
                .filter(edge -> picture.isWanted(edge, wish, all))
                .forEach(edge -> picture.add(edge, wish, all));
        Map<String, String> parts = new LinkedHashMap<>(); // places first
        parts.put(
                "places",
                places.of(picture.nodes.keySet(), picture.edges.keySet()).json());
        parts.put("graph", picture.json());
        return parts;
    }

    private boolean isWanted(Edge edge, Wish wish, Map<String, Node> all) {
        Node from = all.get(edge.from());
        Node to = all.get(edge.to());
        if (from == null || to == null || (wish.errors() && edge.errorRate() == 0)) {
            return false;
        }
        return wish.namespace().isEmpty()
                || from.namespace().equals(wish.namespace())
                || to.namespace().equals(wish.namespace());
    }

    private void add(Edge edge, Wish wish, Map<String, Node> all) {
        Node from = all.getOrDefault(edge.from(), unknown(edge.from()));
        Node to = all.getOrDefault(edge.to(), unknown(edge.to()));
        nodes.putIfAbsent(from.id(), from);
        nodes.putIfAbsent(to.id(), to);
        if (!wish.services() || edge.service().isEmpty()) {
            draw(edge, edge.service());
            return;
        }
        Node service = service(edge.service());
        nodes.putIfAbsent(service.id(), service);
        draw(between(edge, edge.from(), service.id()), "");
        if (to.kind() != Kind.SERVICE) {
            draw(between(edge, service.id(), edge.to()), "");
        }
    }

    private void draw(Edge edge, String service) {
        edges.merge(new Call(edge.from(), edge.to(), service), edge, Picture::sum);
    }

    private static Node unknown(String id) {
        return new Node(id, Kind.UNKNOWN, "", id, "", "");
    }

    private static Node service(String name) {
        int slash = name.indexOf('/');
        return new Node(
                "service:" + name,
                Kind.SERVICE,
                name.substring(0, Math.max(0, slash)),
                name.substring(slash + 1),
                "",
                "");
    }

    private static Edge between(Edge edge, String from, String to) {
        return new Edge(
                from,
                to,
                edge.service(),
                edge.requests(),
                edge.seconds(),
                edge.share(),
                edge.status(),
                edge.failures(),
                edge.latency());
    }

    private static Edge sum(Edge one, Edge other) {
        return one.plus(other).withShare(Math.min(1, one.share() + other.share()));
    }

    private String json() {
        Map<String, List<Edge>> calls = edges.values().stream().collect(Collectors.groupingBy(Edge::to));
        ObjectNode root = JSON.objectNode();
        ArrayNode drawn = root.putArray("nodes");
        nodes.values().forEach(node -> drawn.add(json(node, calls.getOrDefault(node.id(), List.of()))));
        ArrayNode lines = root.putArray("edges");
        edges.forEach((call, edge) -> lines.add(json(call, edge)));
        return root.toString();
    }

    private ObjectNode json(Node node, List<Edge> calls) {
        long requests = calls.stream().mapToLong(Edge::requests).sum();
        double failed = calls.stream()
                .mapToDouble(edge -> edge.errorRate() * edge.requests())
                .sum();
        ObjectNode json = JSON.objectNode();
        json.put("id", node.id());
        json.put("kind", node.kind().label());
        json.put("name", node.workload().isEmpty() ? node.app() : node.workload());
        json.put("version", node.version());
        json.put("namespace", node.namespace());
        json.put("health", health(requests == 0 ? 0 : failed / requests));
        json.put("called", !calls.isEmpty());
        json.put("rate", rounded(calls.stream().mapToDouble(Edge::rate).sum()));
        json.put("errors", rounded(requests == 0 ? 0 : failed / requests));
        Release release = releases.get(node.namespace() + "/" + node.workload());
        if (release != null && node.kind() == Kind.WORKLOAD) {
            json.put("release", release.address());
            json.put("canary", release.canary());
            json.put("weight", release.weight());
        }
        return json;
    }

    private static double rounded(double value) {
        return new BigDecimal(value, DIGITS).doubleValue();
    }

    static String health(double errors) {
        return errors == 0 ? "ok" : errors < MANY ? "some" : "many";
    }

    private static ObjectNode json(Call call, Edge edge) {
        ObjectNode json = JSON.objectNode();
        json.put("key", call.key());
        json.put("from", edge.from());
        json.put("to", edge.to());
        json.put("service", edge.service());
        json.put("rate", rounded(edge.rate()));
        json.put("share", rounded(edge.share()));
        json.put("errors", rounded(edge.errorRate()));
        json.put("health", edge.requests() == 0 ? "still" : health(edge.errorRate()));
        json.put("p50", rounded(1000 * edge.quantile(0.5)));
        json.put("p95", rounded(1000 * edge.quantile(0.95)));
        json.put("p99", rounded(1000 * edge.quantile(0.99)));
        return json;
    }
}
