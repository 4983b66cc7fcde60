package dev.linnet.controller.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The controller's HTTP endpoint: {@code /metrics} and {@code /healthz}. */
public final class OpsServer implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final MetricSource metrics;
    private final MetricSource process = new ProcessNumbers();

    private OpsServer(HttpServer server, MetricSource metrics) {
        this.server = server;
        this.metrics = metrics;
    }

    /** @throws UncheckedIOException if the address cannot be listened on */
    public static OpsServer start(InetSocketAddress address, MetricSource metrics) {
        try {
            OpsServer ops = new OpsServer(HttpServer.create(address, BACKLOG), metrics);
            ops.server.setExecutor(ops.threads);
            ops.server.createContext("/", ops::answer);
            ops.server.start();
            return ops;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on " + address + " for metrics (expected: a free port of this machine)", e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/healthz" -> send(exchange, 200, "OK");
                case "/metrics" -> send(exchange, 200, page());
                default -> send(exchange, 404, "not found\n");
            }
        }
    }

    private String page() {
        PrometheusPage page = PrometheusPage.plain(Map.of());
        metrics.writeTo(page);
        process.writeTo(page);
        return page.text();
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        boolean withBody = !exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, withBody ? bytes.length : -1);
        if (withBody) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Where it really listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
