package dev.linnet.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** Stands where Slack's incoming webhook would be, so that alerts can be shown. */
final class AlertReceiver implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final int MAX_BODY = 1 << 16;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final Consumer<Happening> listener;

    private AlertReceiver(HttpServer server, Consumer<Happening> listener) {
        this.server = server;
        this.listener = listener;
    }

    static AlertReceiver start(Consumer<Happening> listener) throws IOException {
        AlertReceiver receiver = new AlertReceiver(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG), listener);
        receiver.server.createContext("/", receiver::take);
        receiver.server.start();
        return receiver;
    }

    /** What a controller must be told to alert here. */
    List<String> controllerArgs() {
        return List.of("-slack-url=http://127.0.0.1:" + server.getAddress().getPort() + "/", "-slack-channel=releases");
    }

    private void take(HttpExchange exchange) throws IOException {
        JsonNode alert = json.readTree(exchange.getRequestBody().readNBytes(MAX_BODY));
        JsonNode shown = alert.path("attachments").path(0);
        listener.accept(new Happening.Alerted(
                alert.path("channel").asText(),
                shown.path("color").asText().equals("danger"),
                shown.path("text").asText()));
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
