package dev.linnet.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.linnet.numbers.Graph;
import dev.linnet.numbers.Graph.Edge;
import dev.linnet.numbers.Graph.Kind;
import dev.linnet.numbers.Graph.Node;
import dev.linnet.numbers.GraphJson;
import dev.linnet.numbers.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** What a gateway would tell of a large system: 200 workloads that call each other, with numbers that are new each time. */
final class ManyServices implements AutoCloseable {
    static final int WORKLOADS = 200;
    private static final int TEAMS = 8;

    private final HttpServer server;
    private final AtomicInteger told = new AtomicInteger();

    ManyServices() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/linnet/v1/graph", this::tell);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void tell(HttpExchange exchange) throws IOException {
        byte[] body = GraphJson.write(graph(told.incrementAndGet())).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The way in calls a few, each of which calls some further down; sometimes in two versions. Who calls whom stays the same. */
    private static Graph graph(int moment) {
        Random structure = new Random(7);
        Random numbers = new Random(moment);
        List<Node> nodes = new ArrayList<>();
        nodes.add(new Node("edge", Kind.EDGE, "linnet-system", "linnet-gateway", "", ""));
        List<Edge> edges = new ArrayList<>();
        for (int i = 1; i < WORKLOADS; i++) {
            String name = "service-" + i / 2 + "-v" + (1 + i % 2);
            String namespace = "team-" + i % TEAMS;
            nodes.add(new Node("w" + i, Kind.WORKLOAD, namespace, name, "service-" + i / 2, "v" + (1 + i % 2)));
            int callers = i < 12 ? 1 : 1 + structure.nextInt(2);
            for (int caller = 0; caller < callers; caller++) {
                int from = i < 12 ? 0 : structure.nextInt(Math.max(1, i / 4), Math.max(2, i / 2));
                edges.add(edge(nodes.get(from), "w" + i, namespace + "/service-" + i / 2, numbers));
            }
        }
        return Graph.of("many", Instant.now(), Duration.ofSeconds(60), nodes, edges);
    }

    private static Edge edge(Node from, String to, String service, Random numbers) {
        long requests = numbers.nextInt(60, 6_000);
        long failed = numbers.nextInt(10) == 0 ? requests / numbers.nextInt(10, 100) : 0;
        List<Long> counts = new ArrayList<>(Collections.nCopies(Graph.LATENCY_LIMITS.size() + 1, 0L));
        counts.set(numbers.nextInt(2, 9), requests);
        return new Edge(
                from.id(),
                to,
                service,
                requests,
                60,
                1,
                Map.of("2xx", requests - failed, "5xx", failed),
                Map.of(),
                new Snapshot.Latency(Graph.LATENCY_LIMITS, counts, requests * 0.01));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
