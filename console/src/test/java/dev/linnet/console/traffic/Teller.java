package dev.linnet.console.traffic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A server on loopback that says the same to everybody, or something by what it is asked. */
final class Teller implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile UnaryOperator<String> said;
    private volatile int status = 200;
    private volatile boolean stopsHalfway;

    /** @param said by path and query */
    Teller(UnaryOperator<String> said) throws IOException {
        this.said = said;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            byte[] body = said.apply(exchange.getRequestURI().toString()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body, 0, stopsHalfway ? body.length / 2 : body.length);
            exchange.getResponseBody().flush();
            if (stopsHalfway) {
                closing.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on. */
    void says(String text) {
        says(_ -> text);
    }

    /** From now on, by path and query. */
    void says(UnaryOperator<String> text) {
        said = text;
    }

    /** From now on, with the same body. */
    void answers(int other) {
        status = other;
    }

    /** From now on: the rest of an answer never comes. */
    void stopsHalfway() {
        stopsHalfway = true;
    }

    int asked() {
        return asked.get();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
