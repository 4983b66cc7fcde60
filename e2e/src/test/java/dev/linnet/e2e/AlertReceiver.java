package dev.linnet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands where Slack's incoming webhook would, and keeps what it is told. */
final class AlertReceiver implements AutoCloseable {
    private final HttpServer server;
    private final Queue<JsonNode> alerts = new ConcurrentLinkedQueue<>();

    private AlertReceiver(HttpServer server) {
        this.server = server;
    }

    static AlertReceiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        AlertReceiver receiver = new AlertReceiver(server);
        server.createContext("/", exchange -> {
            receiver.alerts.add(
                    new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return receiver;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/services/T0/B0/secret";
    }

    /** Each as {@code #channel user author [colour] text {fields}}. */
    List<String> alerts() {
        return alerts.stream().map(AlertReceiver::text).toList();
    }

    private static String text(JsonNode alert) {
        JsonNode shown = alert.path("attachments").path(0);
        TreeMap<String, String> fields = new TreeMap<>();
        shown.path("fields")
                .forEach(field -> fields.put(
                        field.path("title").asText(), field.path("value").asText()));
        return "#" + alert.path("channel").asText() + " "
                + alert.path("username").asText() + " "
                + shown.path("author_name").asText() + " ["
                + shown.path("color").asText() + "] "
                + shown.path("text").asText() + (fields.isEmpty() ? "" : " " + fields);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
