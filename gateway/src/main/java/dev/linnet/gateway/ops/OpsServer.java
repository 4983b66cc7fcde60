package dev.linnet.gateway.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.numbers.Reading;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.SnapshotJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The gateway's own HTTP endpoint: {@code /metrics}, {@code /healthz}, {@code /readyz} and {@code /linnet/v1/…} (design §3, Numbers). */
public final class OpsServer implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads;
    private final String name;
    private final Watched watched;
    private final Supplier<Reading> readings;
    private final Supplier<PrometheusPage> metrics;
    private final Graphs graphs;
    private final OpsAccess access;
    private final Instant started = Instant.now();
    private volatile boolean ending;

    private OpsServer(
            HttpServer server,
            String name,
            Watched watched,
            Supplier<Reading> readings,
            Supplier<PrometheusPage> metrics,
            Graphs graphs,
            OpsAccess access) {
        this.graphs = graphs;
        this.access = access;
        this.server = server;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.name = name;
        this.watched = watched;
        this.readings = readings;
        this.metrics = metrics;
    }

    /**
     * Starts to answer.
     *
     * @param name    which gateway this is
     * @param metrics writes the page for Prometheus
     * @param graphs  knows who called whom
     * @param access  who may read it
     * @throws IOException if the address cannot be listened on
     */
    public static OpsServer start(
            InetSocketAddress address,
            String name,
            Watched watched,
            Supplier<Reading> readings,
            Supplier<PrometheusPage> metrics,
            Graphs graphs,
            OpsAccess access)
            throws IOException {
        OpsServer ops = new OpsServer(listen(address), name, watched, readings, metrics, graphs, access);
        ops.serve();
        return ops;
    }

    private static HttpServer listen(InetSocketAddress address) throws IOException {
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + address + " for metrics (expected: a free port of this machine)", e);
        }
    }

    private void serve() {
        Routes routes = new Routes(watched);
        on("/healthz", exchange -> Answer.text(200, "ok\n").send(exchange));
        on("/readyz", exchange -> ready().send(exchange));
        if (access.protectMetrics()) {
            forBearers("/metrics", exchange -> page().send(exchange));
        } else {
            on("/metrics", exchange -> page().send(exchange));
        }
        forBearers(
                "/linnet/v1/snapshot",
                exchange -> Answer.json(SnapshotJson.write(snapshot())).send(exchange));
        forBearers("/linnet/v1/stream", new Stream(this::snapshot)::serve);
        forBearers("/linnet/v1/graph", exchange -> graphs.answer(exchange).send(exchange));
        forBearers("/linnet/v1/routes", exchange -> Answer.json(routes.list()).send(exchange));
        forBearers("/linnet/v1/explain", exchange -> routes.explain(exchange).send(exchange));
        on("/", exchange -> Answer.text(404, "not found\n").send(exchange));
        server.setExecutor(threads);
        server.start();
    }

    /** Something that answers a request. */
    @FunctionalInterface
    private interface Page {
        void serve(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** Only for whoever may. */
    private void forBearers(String path, Page page) {
        Door door = new Door(server.getAddress(), access.bearers());
        on(path, exchange -> {
            Optional<Answer> refusal = door.refusal(exchange, path);
            if (refusal.isPresent()) {
                refusal.get().send(exchange);
            } else {
                page.serve(exchange);
            }
        });
    }

    private void on(String path, Page page) {
        SameOrigin guard = new SameOrigin(server.getAddress());
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!path.equals("/") && !exchange.getRequestURI().getPath().equals(path)) {
                    Answer.text(404, "not found\n").send(exchange);
                } else if (!guard.allows(exchange.getRequestHeaders())) {
                    Answer.text(403, "requests of web pages are not served here\n")
                            .send(exchange);
                } else {
                    page.serve(exchange);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the server stops
            }
        });
    }

    /** From now on says that the gateway is not ready: nobody should be sent to it any more. */
    public void announceEnd() {
        ending = true;
    }

    private Answer ready() {
        if (ending) {
            return Answer.text(503, "stopping\n");
        }
        return watched.installed() ? Answer.text(200, "ready\n") : Answer.text(503, "no routes were installed yet\n");
    }

    private Answer page() {
        return new Answer(
                200, "text/plain; version=0.0.4; charset=utf-8", metrics.get().text());
    }

    private Snapshot snapshot() {
        return Snapshot.of(name, started, Instant.now(), watched.applied(), readings.get());
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
        threads.close();
    }
}
