package dev.linnet.controller.release;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody's webhooks: each path agrees unless it is closed. */
final class HookServer implements AutoCloseable {
    private final HttpServer server;
    private final Set<String> closed = ConcurrentHashMap.newKeySet();
    private final List<String> called = new CopyOnWriteArrayList<>();

    HookServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            called.add(path + " " + body);
            exchange.sendResponseHeaders(closed.contains(path) ? 403 : 200, -1);
            exchange.close();
        });
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    void closes(String path) {
        closed.add(path);
    }

    void opens(String path) {
        closed.remove(path);
    }

    /** Paths and payloads, as they came. */
    List<String> called() {
        return List.copyOf(called);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
