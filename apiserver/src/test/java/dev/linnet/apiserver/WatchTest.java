package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchTest {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String namespace(String name) {
        server.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}");
        return "/api/v1/namespaces/" + name + "/configmaps";
    }

    private static String map(String name, String colour) {
        return """
               {"metadata":{"name":"%s","labels":{"colour":"%s"}}}""".formatted(name, colour);
    }

    private List<String> events(String path, int count) {
        try (Stream<JsonNode> events = server.watch(path)) {
            return events.limit(count)
                    .map(event -> event.path("type").asText() + " "
                            + event.at("/object/metadata/name").asText())
                    .toList();
        }
    }

    @Test
    void isReadOverAWebSocketToo() throws Exception {
        String maps = "/api/v1/namespaces/default/configmaps";
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        WebSocket socket =
                server.webSocket(maps + "?watch=true&fieldSelector=metadata.name%3Dover-socket", events::add);
        try {
            server.post(maps, "{\"metadata\":{\"name\":\"over-socket\"}}");
            server.delete(maps + "/over-socket");

            assertThat(events.poll(10, TimeUnit.SECONDS))
                    .startsWith("{\"type\":\"ADDED\"")
                    .endsWith("}");
            assertThat(events.poll(10, TimeUnit.SECONDS)).startsWith("{\"type\":\"DELETED\"");
        } finally {
            socket.abort();
        }
    }

    @Test
    void continuesAfterAVersionWithEachChangeOnceAndInOrder() {
        String maps = namespace("order");
        String from = server.post(maps, map("a", "red")).text("/metadata/resourceVersion");
        server.post(maps, map("b", "red"));
        server.patch(maps + "/a", "merge", "{\"data\":{\"x\":\"1\"}}");
        server.delete(maps + "/b");

        assertThat(events(maps + "?watch=true&resourceVersion=" + from, 3))
                .containsExactly("ADDED b", "MODIFIED a", "DELETED b");
    }

    @Test
    void beginsWithWhatIsThereWhenNoVersionIsGiven() {
        String maps = namespace("initial");
        server.post(maps, map("a", "red"));
        server.post(maps, map("b", "red"));
        server.patch(maps + "/a", "merge", "{\"data\":{\"x\":\"1\"}}");

        assertThat(events(maps + "?watch=1", 2)).containsExactly("ADDED a", "ADDED b");
        assertThat(events(maps + "?watch=1&resourceVersion=0", 2)).containsExactly("ADDED a", "ADDED b");
    }

    @Test
    void endsTheFirstEventsWithABookmarkWhenAskedTo() {
        String maps = namespace("announced");
        server.post(maps, map("a", "red"));

        try (Stream<JsonNode> events = server.watch(
                maps + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")) {
            List<JsonNode> first = events.limit(2).toList();

            assertThat(first.get(0).path("type").asText()).isEqualTo("ADDED");
            JsonNode bookmark = first.get(1);
            assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(bookmark.at("/object/kind").asText()).isEqualTo("ConfigMap");
            assertThat(bookmark.at("/object/metadata/annotations/k8s.io~1initial-events-end")
                            .asText())
                    .isEqualTo("true");
        }
    }

    @Test
    void showsObjectsThatEnterAndLeaveASelectionAsAddedAndDeleted() {
        String maps = namespace("selected");
        String from = server.post(maps, map("a", "red")).text("/metadata/resourceVersion");
        server.post(maps, map("other", "red"));
        server.patch(maps + "/a", "merge", "{\"metadata\":{\"labels\":{\"colour\":\"blue\"}}}");
        server.patch(maps + "/a", "merge", "{\"data\":{\"x\":\"1\"}}");
        String last = server.patch(maps + "/a", "merge", "{\"metadata\":{\"labels\":{\"colour\":\"red\"}}}")
                .text("/metadata/resourceVersion");

        try (Stream<JsonNode> events =
                server.watch(maps + "?watch=1&labelSelector=colour%3Dblue&resourceVersion=" + from)) {
            List<JsonNode> seen = events.limit(3).toList();

            assertThat(seen.stream().map(event -> event.path("type").asText()))
                    .containsExactly("ADDED", "MODIFIED", "DELETED");
            JsonNode gone = seen.get(2).path("object");
            assertThat(gone.at("/metadata/labels/colour").asText()).isEqualTo("blue");
            assertThat(gone.at("/metadata/resourceVersion").asText()).isEqualTo(last);
        }
    }

    @Test
    void endsAfterTheTimeTheClientWants() {
        String maps = namespace("short");

        try (Stream<JsonNode> events =
                server.watch(maps + "?watch=1&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=0")) {
            assertThat(events.map(event -> event.path("type").asText()))
                    .as("ends, with a bookmark to continue from")
                    .containsExactly("BOOKMARK");
        }
    }

    @Test
    void tellsAClientThatComesFromAnotherLifeToBeginAnew() {
        String maps = namespace("future");

        try (Stream<JsonNode> events = server.watch(maps + "?watch=1&resourceVersion=99999999")) {
            JsonNode error = events.findFirst().orElseThrow();

            assertThat(error.path("type").asText()).isEqualTo("ERROR");
            assertThat(error.at("/object/code").asInt()).isEqualTo(410);
            assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
        }
    }

    @Test
    void printsRowsWithColumnsOnTheFirstOnly() {
        String maps = namespace("rows");
        server.post(maps, map("a", "red"));
        server.post(maps, map("b", "red"));

        String body = server.send(server.request(maps + "?watch=1&timeoutSeconds=1")
                        .header("Accept", TABLE)
                        .build())
                .response()
                .body();
        List<JsonNode> rows = body.lines().map(TestServer::parsed).toList();

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).at("/object/kind").asText()).isEqualTo("Table");
        assertThat(rows.get(0).at("/object/columnDefinitions/0/name").asText()).isEqualTo("Name");
        assertThat(rows.get(1).at("/object/columnDefinitions").isNull()).isTrue();
        assertThat(rows.get(1).at("/object/rows/0/cells/0").asText()).isEqualTo("b");
    }
}
