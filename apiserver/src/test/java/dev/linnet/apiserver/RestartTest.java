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

    private static final String SERVICE = "{\"metadata\":{\"name\":\"%s\"},\"spec\":{%s\"ports\":[{\"port\":80}]}}";

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
    void movesServicesWhereTheServiceRangeIsAnotherOne() {
        String services = "/api/v1/namespaces/default/services";
        try (TestServer first = TestServer.durable(directory, "127.77.128.0/17")) {
            first.post(services, SERVICE.formatted("web", ""));
            first.post(services, SERVICE.formatted("headless", "\"clusterIP\":\"None\","));
        }
        String moved;
        try (TestServer second = TestServer.durable(directory, "127.78.128.0/17")) {
            JsonNode web = second.get(services + "/web").json();
            moved = web.at("/spec/clusterIP").asText();
            assertThat(moved)
                    .startsWith("127.78.")
                    .isEqualTo(web.at("/spec/clusterIPs/0").asText());
            assertThat(second.get(services + "/headless").text("/spec/clusterIP"))
                    .isEqualTo("None");
            assertThat(second.get(services + "/kubernetes").text("/spec/clusterIPs/0"))
                    .isEqualTo("127.78.128.1");
            assertThat(second.put(services + "/web", web.toString()).code()).isEqualTo(200);
        }
        try (TestServer third = TestServer.durable(directory, "127.78.128.0/17")) {
            assertThat(third.get(services + "/web").text("/spec/clusterIP"))
                    .as("one that is in its range stays")
                    .isEqualTo(moved);
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
