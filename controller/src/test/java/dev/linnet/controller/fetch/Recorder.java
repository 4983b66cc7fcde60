package dev.linnet.controller.fetch;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on loopback that writes down what it is asked and answers as it is told. */
public final class Recorder implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Answering answering;

    /** What was asked. */
    public record Asked(String method, URI url, Headers headers, String body) {
        /** The first value of a header; empty without it. */
        public String header(String name) {
            return Optional.ofNullable(headers.getFirst(name)).orElse("");
        }
    }

    /** Answers. */
    @FunctionalInterface
    public interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    private Recorder(HttpServer server, Answering answering) {
        this.server = server;
        this.answering = answering;
    }

    public static Recorder answering(int status, String body) throws IOException {
        return start(fixed(status, body));
    }

    public static Recorder start(Answering answering) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Recorder recorder = new Recorder(server, answering);
        server.setExecutor(recorder.threads);
        server.createContext("/", recorder::handle);
        server.start();
        return recorder;
    }

    public static Answering fixed(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** The other half of the body never comes. */
    public static Answering halfway(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
            exchange.getResponseBody().flush();
            try {
                new CountDownLatch(1).await(); // until the server is closed
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(new Asked(
                    exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders(), body));
            answering.answer(exchange);
        }
    }

    public void answer(Answering other) {
        answering = other;
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    public Asked last() {
        return asked.getLast();
    }

    /** A client that takes it for a Kubernetes API, and asks nothing again. */
    public KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(address())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public URI url(String path) {
        return URI.create(address() + path);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
