package dev.linnet.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GraphTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** How a graph begins, and one with an edge. */
    private static final String START = "{'gateway':'g','at':'2026-01-01T00:00:00Z',";

    private static final String UNCOUNTED = "'window':1,'nodes':[],'edges':[{'from':'a','to':'b','service':'s',";

    private static final String EDGE = UNCOUNTED + "'requests':1,";

    private static final String COUNTS = "'status':{},'failures':{},'latency':{'le':[],'count':[1],'sum':1}";

    private static final Graph.Node FRONT =
            new Graph.Node("workload:shop/front@v1", Graph.Kind.WORKLOAD, "shop", "front", "front", "v1");
    private static final Graph.Node V1 =
            new Graph.Node("workload:shop/back@v1", Graph.Kind.WORKLOAD, "shop", "back-v1", "back", "v1");
    private static final Graph.Node V2 =
            new Graph.Node("workload:shop/back@v2", Graph.Kind.WORKLOAD, "shop", "back-v2", "back", "v2");

    @Test
    void tellsWhichShareOfACallersRequestsEachVersionHas() {
        Graph graph = graph(edge(V1, 90, 0), edge(V2, 10, 0));

        assertThat(graph.edges()).extracting(Graph.Edge::share).containsExactly(0.9, 0.1);
        assertThat(graph.edges().getFirst().rate()).isCloseTo(9, within(1e-9));
    }

    @Test
    void addsUpWhatTwoGatewaysHaveSeen() {
        Graph both = graph(edge(V1, 60, 0), edge(V2, 0, 20)).plus(graph(edge(V1, 20, 0)));

        assertThat(both.edges()).extracting(Graph.Edge::requests).containsExactly(80L, 20L);
        assertThat(both.edges()).extracting(Graph.Edge::share).containsExactly(0.8, 0.2);
        assertThat(both.edges().getLast().errorRate()).isEqualTo(1);
    }

    @Test
    void readsItsOwnJson() {
        Graph graph = graph(edge(V1, 90, 3), edge(V2, 10, 0));

        assertThat(GraphJson.read(GraphJson.write(graph))).isEqualTo(graph);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "no JSON",
                "{'gateway':'g','at':'yesterday','window':1,'nodes':[],'edges':[]}",
                "{'at':'2026-01-01T00:00:00Z','window':1,'nodes':[],'edges':[]}",
                "{'gateway':'g','window':1,'nodes':[],'edges':[]}",
                START + "'nodes':[],'edges':[]}",
                START + "'window':'NaN','nodes':[],'edges':[]}",
                START + "'window':1e999,'nodes':[],'edges':[]}",
                START + "'window':-1,'nodes':[],'edges':[]}",
                START + "'window':0.0001,'nodes':[],'edges':[]}",
                START + "'window':1,'edges':[]}",
                START + "'window':1,'nodes':[]}",
                START + "'window':1,'nodes':null,'edges':null}",
                START + "'window':1,'nodes':[null],'edges':[]}",
                START + "'window':1,'nodes':[],'edges':[null]}",
                START + "'window':1,'nodes':[],'edges':[{'from':'a','to':'b','service':'s','requests':1}]}",
                START + UNCOUNTED + "'requests':'many'," + COUNTS + "}]}",
                START + UNCOUNTED + "'requests':'1'," + COUNTS + "}]}",
                START + UNCOUNTED + "'requests':1.5," + COUNTS + "}]}",
                START + UNCOUNTED + "'requests':-1," + COUNTS + "}]}",
                START + UNCOUNTED + "'requests':null," + COUNTS + "}]}",
                START + UNCOUNTED + COUNTS + "}]}",
                START + EDGE + "'status':{},'failures':{},'latency':{'le':[],'count':[1]}}]}",
                START + EDGE + "'status':{},'failures':{},'latency':{'le':[],'count':[1],'sum':null}}]}",
                START + EDGE + "'status':{},'failures':{},'latency':{'le':[],'count':[1],'sum':'long'}}]}",
                START + EDGE + "'status':{'2xx':null},'failures':{},'latency':{'le':[],'count':[1],'sum':1}}]}",
                START + EDGE + "'status':{},'failures':null,'latency':{'le':[],'count':[1],'sum':1}}]}",
                START + EDGE + "'status':{},'failures':{},'latency':{'le':[],'sum':1}}]}",
                START + EDGE + "'status':{},'failures':{},'latency':{'le':[],'count':[null],'sum':1}}]}"
            })
    void isNotReadFromWhatIsNone(String said) {
        assertThatThrownBy(() -> GraphJson.read(said.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("NullPointer");
    }

    @Test
    void isEmptyOfAGatewayThatHasOnlyJustBegun() {
        Graph graph = GraphJson.read((START + "'window':0,'nodes':[],'edges':[]}").replace('\'', '"'));

        assertThat(graph.window()).isZero();
    }

    @Test
    void findsPercentilesWithinBuckets() {
        Graph.Edge edge = edge(V1, 90, 10);

        assertThat(edge.quantile(0.5)).isCloseTo(0.1 * 50 / 90, within(1e-9));
        assertThat(edge.quantile(0.95)).isCloseTo(0.1 + 0.9 * 5 / 10, within(1e-9));
    }

    private static Graph graph(Graph.Edge... edges) {
        return Graph.of("one", NOW, Duration.ofSeconds(10), List.of(V2, FRONT, V1), List.of(edges));
    }

    /** Good ones take up to 0.1 s, bad ones up to 1 s. */
    private static Graph.Edge edge(Graph.Node to, long good, long bad) {
        return new Graph.Edge(
                FRONT.id(),
                to.id(),
                "shop/back",
                good + bad,
                10,
                0,
                bad == 0 ? Map.of("2xx", good) : Map.of("2xx", good, "5xx", bad),
                Map.of(),
                new Snapshot.Latency(List.of(0.1, 1.0), List.of(good, bad, 0L), good * 0.05 + bad * 0.5));
    }
}
