package dev.linnet.console.graph;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.Graph.Edge;
import dev.linnet.numbers.Graph.Kind;
import dev.linnet.numbers.Graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph as it is drawn: what is left of it after somebody's wishes, where it stands, and what each part says. */
public final class Picture {
    /** From which part of failed requests on it is red. */
    static final double MANY = 0.05;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, Release> releases;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Edge> edges = new ArrayList<>();

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
     * The picture, as JSON for the script that draws it.
     *
     * @param releases by workload: {@code default/podinfo-primary}
     */
    public static String of(Graph graph, Wish wish, Map<String, Release> releases) {
        Picture picture = new Picture(releases);
        Map<String, Node> all = new HashMap<>();
        graph.nodes().forEach(node -> all.put(node.id(), node));
        graph.edges().stream()
                .filter(edge -> picture.isWanted(edge, wish, all))
                .forEach(edge -> picture.add(edge, wish, all));
        return picture.json();
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
        if (!wish.services() || to.kind() == Kind.SERVICE || edge.service().isEmpty()) {
            edges.add(edge);
            return;
        }
        Node service = service(edge.service());
        nodes.putIfAbsent(service.id(), service);
        merge(between(edge, edge.from(), service.id()));
        merge(between(edge, service.id(), edge.to()));
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

    private void merge(Edge edge) {
        for (int i = 0; i < edges.size(); i++) {
            Edge known = edges.get(i);
            if (known.from().equals(edge.from()) && known.to().equals(edge.to())) {
                edges.set(i, sum(known, edge));
                return;
            }
        }
        edges.add(edge);
    }

    private static Edge sum(Edge one, Edge other) {
        return new Edge(
                one.from(),
                one.to(),
                one.service(),
                one.requests() + other.requests(),
                Math.max(one.seconds(), other.seconds()),
                Math.min(1, one.share() + other.share()),
                plus(one.status(), other.status()),
                plus(one.failures(), other.failures()),
                one.latency().plus(other.latency()));
    }

    private static Map<String, Long> plus(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> sum = new HashMap<>(one);
        other.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return sum;
    }

    private String json() {
        Map<String, Layers.Place> places = Layers.of(
                List.copyOf(nodes.keySet()),
                edges.stream()
                        .map(edge -> new Layers.Call(edge.from(), edge.to()))
                        .toList());
        ObjectNode root = JSON.objectNode();
        ArrayNode drawn = root.putArray("nodes");
        nodes.values().forEach(node -> drawn.add(json(node, places.getOrDefault(node.id(), new Layers.Place(0, 0)))));
        ArrayNode lines = root.putArray("edges");
        edges.forEach(edge -> lines.add(json(edge)));
        return root.toString();
    }

    private ObjectNode json(Node node, Layers.Place place) {
        List<Edge> calls =
                edges.stream().filter(edge -> edge.to().equals(node.id())).toList();
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
        json.put("layer", place.layer());
        json.put("row", place.row());
        json.put("health", health(requests == 0 ? 0 : failed / requests));
        json.put("rate", calls.stream().mapToDouble(Edge::rate).sum());
        json.put("errors", requests == 0 ? 0 : failed / requests);
        Release release = releases.get(node.namespace() + "/" + node.workload());
        if (release != null && node.kind() == Kind.WORKLOAD) {
            json.put("release", release.address());
            json.put("canary", release.canary());
            json.put("weight", release.weight());
        }
        return json;
    }

    static String health(double errors) {
        return errors == 0 ? "ok" : errors < MANY ? "some" : "many";
    }

    private static ObjectNode json(Edge edge) {
        ObjectNode json = JSON.objectNode();
        json.put("from", edge.from());
        json.put("to", edge.to());
        json.put("service", edge.service());
        json.put("rate", edge.rate());
        json.put("share", edge.share());
        json.put("errors", edge.errorRate());
        json.put("health", edge.requests() == 0 ? "still" : health(edge.errorRate()));
        json.put("p50", 1000 * edge.quantile(0.5));
        json.put("p95", 1000 * edge.quantile(0.95));
        json.put("p99", 1000 * edge.quantile(0.99));
        return json;
    }
}
