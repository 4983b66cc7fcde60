package dev.linnet.console.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.Graph.Kind;
import dev.linnet.numbers.Graph.Node;
import dev.linnet.numbers.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PictureTest {
    private static final Graph GRAPH = Graph.of(
            "g",
            Instant.EPOCH,
            Duration.ofSeconds(60),
            List.of(node("way-in", Kind.EDGE), node("shop", Kind.WORKLOAD), node("till", Kind.WORKLOAD)),
            List.of(edge("way-in", "shop"), edge("shop", "till"), edge("till", "shop")));

    /** With Services as nodes of their own, too. */
    @ParameterizedTest
    @ValueSource(strings = {"", "1"})
    void everythingThatIsDrawnHasAPlace(String services) throws Exception {
        Map<String, String> parts = Picture.of(GRAPH, Wish.of("60", "", "", services, ""), Map.of(), new Places(false));

        JsonNode places = new ObjectMapper().readTree(parts.get("places"));
        JsonNode graph = new ObjectMapper().readTree(parts.get("graph"));
        assertThat(parts.keySet()).containsExactly("places", "graph");
        assertThat(graph.path("edges")).hasSize(services.isEmpty() ? 3 : 5);
        assertThat(graph.path("nodes"))
                .allSatisfy(node -> assertThat(
                                places.path("nodes").path(node.path("id").asText()))
                        .hasSize(2));
        assertThat(graph.path("edges"))
                .allSatisfy(edge -> assertThat(
                                places.path("lines").path(edge.path("key").asText()))
                        .hasSize(3));
    }

    private static Node node(String name, Kind kind) {
        return new Node(name, kind, "test", name, name, "");
    }

    private static Graph.Edge edge(String from, String to) {
        return new Graph.Edge(
                from,
                to,
                "test/" + to,
                60,
                60,
                1,
                Map.of(),
                Map.of(),
                new Snapshot.Latency(Graph.LATENCY_LIMITS, counts(), 1.0));
    }

    private static List<Long> counts() {
        return new ArrayList<>(Collections.nCopies(Graph.LATENCY_LIMITS.size() + 1, 60L));
    }
}
