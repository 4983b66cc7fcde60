package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.store.DirectoryClaim;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path directory;

    @Test
    void comesBackAsItWas() {
        String version;
        String token;
        String ca;
        try (TestServer first = TestServer.durable(directory)) {
            version = first.post(MAPS, "{\"metadata\":{\"name\":\"a\"}}").text("/metadata/resourceVersion");
            first.post(MAPS, "{\"metadata\":{\"name\":\"b\"}}");
            token = first.api().adminToken();
            ca = first.api().caPem();
        }

        try (TestServer second = TestServer.durable(directory);
                Stream<JsonNode> events = second.watch(MAPS + "?watch=1&resourceVersion=" + version)) {
            assertThat(second.api().adminToken()).isEqualTo(token);
            assertThat(second.api().caPem()).isEqualTo(ca);
            assertThat(second.get(MAPS + "/a").text("/metadata/resourceVersion"))
                    .isEqualTo(version);
            assertThat(events.findFirst()
                            .orElseThrow()
                            .at("/object/metadata/name")
                            .asText())
                    .as("a watch goes on where it was")
                    .isEqualTo("b");
        }
    }

    @Test
    void forgetsEverythingWhenEphemeral() {
        try (TestServer first = TestServer.ephemeral(directory)) {
            first.post(MAPS, "{\"metadata\":{\"name\":\"a\"}}");
        }
        try (TestServer second = TestServer.ephemeral(directory)) {
            assertThat(second.get(MAPS + "/a").code()).isEqualTo(404);
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        try (TestServer _ = TestServer.ephemeral(directory)) {
            assertThatThrownBy(() -> TestServer.ephemeral(directory))
                    .isInstanceOf(DirectoryClaim.Taken.class)
                    .hasMessageContaining(directory.toString());
        }
    }

    @Test
    void publishesWhereItListens() {
        try (TestServer server = TestServer.ephemeral(directory)) {
            JsonNode service =
                    server.get("/api/v1/namespaces/default/services/kubernetes").json();
            JsonNode endpoints = server.get("/api/v1/namespaces/default/endpoints/kubernetes")
                    .json();

            assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("127.77.128.1");
            assertThat(server.api().url())
                    .endsWith(":" + endpoints.at("/subsets/0/ports/0/port").asText());
        }
    }
}
