package dev.linnet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.GraphJson;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.SnapshotJson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the gateways tell, as a person sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatewayPagesTest {
    @SuppressWarnings("NullAway.Init")
    private World world;

    @BeforeAll
    void opens(@TempDir Path directory) throws Exception {
        world = new World(directory);
    }

    @AfterAll
    void closes() {
        world.close();
    }

    @Test
    void showsRoutesHostByHostAndFindsThem() {
        world.gatewaySays("/linnet/v1/routes", """
                {"rules": [{"host": "app.example.com", "path": "/", "type": "Prefix", "source": "Ingress test/shop",
                  "primary": {"service": "test/shop:80", "endpoints": ["127.0.0.1:1", "127.0.0.1:2"]},
                  "canaries": [{"service": "test/shop-canary:80", "endpoints": [], "source": "Ingress test/shop-canary", "header": "X-Canary",
                    "cookie": "", "matches": [], "weight": 20, "total": 100, "spread": "", "failover": false}]}],
                 "problems": [
                  {"object": "Ingress test/shop-canary", "reason": "BadAnnotation", "path": "metadata.annotations[a]", "message": "is bad"},
                  {"object": "Ingress test/stray", "reason": "CanaryNotAttached", "path": "spec", "message": "finds no route"}]}
                """);
        Browser owner = world.owner();

        await().untilAsserted(() -> assertThat(owner.get("/routes").body())
                .contains(
                        "app.example.com",
                        "test/shop:80",
                        "2 ready",
                        "test/shop-canary:80",
                        "X-Canary · 20 %",
                        "no endpoints",
                        "Ingress test/shop-canary<span class=\"mistake\">metadata.annotations[a] is bad</span>",
                        "What is not obeyed",
                        "spec finds no route"));
        assertThat(owner.get("/routes?q=nowhere").body()).doesNotContain("test/shop:80", "finds no route");
        assertThat(owner.get("/routes?q=is+bad").body())
                .contains("test/shop:80")
                .doesNotContain("finds no route");
    }

    @Test
    void showsRoutesAsTheyChangeAndMissesNoEndpointsWhereNoRequestGoes() throws Exception {
        world.gatewaySays("/linnet/v1/routes", routes(0));
        BlockingQueue<String> lines = world.owner().stream("/live/routes?q=shop");
        Browser.await(lines, "<span class=\"sub \">no endpoints");

        world.gatewaySays("/linnet/v1/routes", routes(5));

        Browser.await(lines, "<span class=\"sub bad-text\">no endpoints");
        Browser.await(lines, "5 %");
    }

    private static String routes(int weight) {
        return """
                {"rules": [{"host": "app.example.com", "path": "/", "type": "Prefix", "source": "Ingress test/shop",
                  "primary": {"service": "test/shop:80", "endpoints": ["127.0.0.1:1"]},
                  "canaries": [{"service": "test/shop-canary:80", "endpoints": [], "source": "Ingress test/shop-canary", "header": "",
                    "cookie": "", "matches": [], "weight": %d, "total": 100, "spread": "", "failover": false}]}],
                 "problems": []}
                """.formatted(weight);
    }

    @Test
    void explainsARequest() {
        world.gatewaySays("/linnet/v1/explain", """
                {"status": 0, "steps": ["host app.example.com is known"], "side": {"side": "canary", "service": "test/shop-canary:80", "source": "Ingress test/shop-canary"},
                 "chances": [{"side": "primary", "service": "test/shop:80", "source": "Ingress test/shop", "share": 0.8},
                   {"side": "canary", "service": "test/shop-canary:80", "source": "Ingress test/shop-canary", "share": 0.2}],
                 "others": [{"what": "/other", "reason": "its path is another one"}], "problems": []}
                """);

        assertThat(world.owner().get("/explain?url=app.example.com/&method=GET").body())
                .contains("host app.example.com is known", "test/shop-canary:80", "20 %", "its path is another one");
    }

    /** A namespace's gateways tell of its own Services; of others they could tell anything. */
    @Test
    void drawsWhatGatewaysInsideTheClusterHaveSeenOfTheirOwnServices() throws Exception {
        String graph = GraphJson.write(new Graph(
                "g",
                Instant.now(),
                Duration.ofSeconds(60),
                List.of(node("shop"), node("till"), node("bank")),
                List.of(calls("shop", "till", "test/till"), calls("shop", "bank", "other/bank"))));
        world.gatewaySays("/linnet/v1/graph", graph);
        world.gatewayInsideSays("/linnet/v1/graph", graph);
        world.gatewayServesInside("test");

        BlockingQueue<String> lines = world.owner().stream("/live/graph");
        String picture = Browser.await(lines, "\"edges\":");

        assertThat(new ObjectMapper()
                        .readTree(picture.substring("data: ".length()))
                        .path("edges"))
                .extracting(edge ->
                        edge.path("service").asText() + " " + edge.path("rate").asDouble())
                .containsExactlyInAnyOrder("test/till 2.0", "other/bank 1.0");
        assertThat(world.gatewayWasShown()).containsExactlyInAnyOrder("null", "Bearer only-for-numbers");
    }

    private static Graph.Node node(String name) {
        return new Graph.Node(name, Graph.Kind.WORKLOAD, "test", name, name, "");
    }

    private static Graph.Edge calls(String from, String to, String service) {
        return new Graph.Edge(
                from,
                to,
                service,
                60,
                60,
                1,
                Map.of("2xx", 60L),
                Map.of(),
                new Snapshot.Latency(
                        Graph.LATENCY_LIMITS, Collections.nCopies(Graph.LATENCY_LIMITS.size() + 1, 60L), 1.0));
    }

    @Test
    void saysSoWhereNoGatewayAnswers() throws Exception {
        assertThat(world.owner().get("/explain?url=x").statusCode()).isEqualTo(200);
    }

    @Test
    void drawsBothVersionsSecondBySecond() throws Exception {
        world.canary("test", "chart");
        Browser owner = world.owner();
        await().until(() -> owner.get("/release/test/chart").statusCode() == 200);
        AtomicLong counted = new AtomicLong(100);
        world.gatewaySays("/linnet/v1/snapshot", snapshot(counted.get()));
        BlockingQueue<String> lines = owner.stream("/live/release/test/chart");
        Browser.await(lines, "\"at\":[");

        await().untilAsserted(() -> {
            world.gatewaySays("/linnet/v1/snapshot", snapshot(counted.addAndGet(50)));
            assertThat(owner.get("/release/test/chart").body()).contains("90.0<small>%");
        });
        Browser.await(lines, "\"success\":[90.0");
    }

    /** Its Service is called at the edge and inside the namespace, and each request is counted by one gateway. */
    @Test
    void countsBothVersionsOfAReleaseAlsoWhereItsCallersAreInsideTheCluster() throws Exception {
        world.canary("test", "inside", "istio");
        world.gatewayServesInside("test");
        tellBySides(100);
        Browser owner = world.owner();
        await().until(() -> owner.get("/release/test/inside").statusCode() == 200);
        BlockingQueue<String> lines = owner.stream("/live/release/test/inside");
        // What a gateway has counted before it is found counts for nobody.
        await().until(() -> world.gatewayWasShown().contains("Bearer only-for-numbers"));
        lines.clear();
        Browser.await(lines, "\"at\":[1");

        tellBySides(140);

        await().untilAsserted(() ->
                assertThat(owner.get("/release/test/inside").body()).contains("75.0<small>%", "80.0<small>%"));
    }

    /** Of the primary four of five are answered well; of the canary all at the edge, and half inside. */
    private void tellBySides(long count) {
        world.gatewaySays(
                "/linnet/v1/snapshot",
                told(
                        counts("test/inside-primary:80", count * 8, count * 2),
                        counts("test/inside-canary:80", count, 0)));
        world.gatewayInsideSays(
                "/linnet/v1/snapshot",
                told(
                        counts("test/inside:80", count * 8, count * 2),
                        counts("test/inside-canary:80", count / 2, count / 2),
                        counts("other/inside-canary:80", 0, count)));
    }

    private static String told(Snapshot.SeriesCounts... series) {
        Instant began = Instant.parse("2026-01-01T00:00:00Z");
        return SnapshotJson.write(new Snapshot("g", began, Instant.now(), Map.of(), List.of(series)));
    }

    private static Snapshot.SeriesCounts counts(String service, long good, long bad) {
        return new Snapshot.SeriesCounts(
                "r",
                "primary",
                service,
                Map.of("2xx", good, "5xx", bad),
                Map.of(),
                new Snapshot.Latency(List.of(0.1), List.of(good + bad, 0L), 1.0));
    }

    private static String snapshot(long count) {
        return """
                {"gateway": "g", "started": "2026-01-01T00:00:00Z", "at": "%s", "applied": {}, "series": [
                  {"route": "test/chart app.example.com/", "side": "primary", "service": "test/chart:80", "status": {"2xx": %d}, "failures": {},
                   "latency": {"le": [0.1], "count": [%d, 0], "sum": 1.0}},
                  {"route": "test/chart app.example.com/", "side": "canary", "service": "test/chart-canary:80", "status": {"2xx": %d, "5xx": %d},
                   "failures": {}, "latency": {"le": [0.1], "count": [%d, 0], "sum": 1.0}}]}
                """.formatted(Instant.now(), count, count, count * 9, count, count * 10);
    }
}
