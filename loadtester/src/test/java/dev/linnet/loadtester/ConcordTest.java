package dev.linnet.loadtester;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConcordTest {
    @TempDir
    private Path folder;

    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private HttpServer concord;
    private volatile String end = "FINISHED";

    @BeforeEach
    void concordListens() throws Exception {
        concord = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        concord.createContext("/api/v1/process", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
            boolean starts = exchange.getRequestMethod().equals("POST");
            byte[] answer = (starts ? "{\"instanceId\":\"p1\"}" : "{\"status\":\"" + end + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        concord.start();
        Files.writeString(folder.resolve("key"), "secret-key\n");
    }

    @AfterEach
    void concordStops() {
        concord.stop(0);
    }

    @Test
    void aProcessThatFinishesIsAYes() throws Exception {
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.ask("/", metadata(Map.of("arguments.color", "blue")))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(bodies.getFirst()).contains("name=\"entryPoint\"", "main", "name=\"arguments.color\"", "blue");
        assertThat(keys).containsOnly("secret-key");
    }

    @Test
    void aProcessThatFailsIsANo() throws Exception {
        end = "FAILED";
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.ask("/", metadata(Map.of())))
                    .isEqualTo(new Tester.Reply(500, "Concord process p1 failed"));
            assertThat(tester.log()).noneMatch(line -> line.contains("secret-key"));
        }
    }

    @Test
    void saysWhichFieldIsMissing() throws Exception {
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.ask("/", "{\"type\":\"concord\"}"))
                    .isEqualTo(new Tester.Reply(400, "server not found in metadata"));
        }
    }

    private String metadata(Map<String, String> more) throws Exception {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "type", "concord",
                "server", "http://127.0.0.1:" + concord.getAddress().getPort(),
                "org", "o",
                "project", "p",
                "repo", "r",
                "entrypoint", "main",
                "endpoint", "http://podinfo",
                "apiKeyPath", folder.resolve("key").toString(),
                "pollInterval", "1"));
        all.putAll(more);
        return new ObjectMapper().writeValueAsString(all);
    }
}
