package dev.linnet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleTest {
    private static final String WEB = "/apis/apps/v1/namespaces/default/deployments/web";

    private TestServer server;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = TestServer.ephemeral(directory);
        server.post("/apis/apps/v1/namespaces/default/deployments", """
                {"metadata":{"name":"web"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"template":{
                  "metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}}}}""");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whoAppliesAScaleOwnsTheNumberOfReplicasByApplying() {
        TestServer.Answer scaled = server.patch(WEB + "/scale?fieldManager=scaler&force=true", "apply", """
                {"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"web"},"spec":{"replicas":3}}""");

        assertThat(scaled.code()).isEqualTo(200);
        JsonNode entry = entryOf("scaler");
        assertThat(entry.path("operation").asText()).isEqualTo("Apply");
        assertThat(entry.path("subresource").asText()).isEqualTo("scale");
        assertThat(entry.path("apiVersion").asText()).isEqualTo("apps/v1");
        assertThat(entry.at("/fieldsV1/f:spec").has("f:replicas")).isTrue();
    }

    @Test
    void refusesLessThanNothingInTheWordsOfTheScale() {
        for (String type : List.of("merge", "apply")) {
            TestServer.Answer refused = server.patch(WEB + "/scale?fieldManager=scaler", type, """
                    {"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"web"},"spec":{"replicas":-1}}""");

            assertThat(refused.code()).isEqualTo(422);
            assertThat(refused.message())
                    .isEqualTo(
                            "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or"
                                    + " equal to 0");
        }
        assertThat(server.get(WEB).json().at("/spec/replicas").asInt()).isEqualTo(1);
    }

    private JsonNode entryOf(String manager) {
        for (JsonNode entry : server.get(WEB).json().at("/metadata/managedFields")) {
            if (entry.path("manager").asText().equals(manager)) {
                return entry;
            }
        }
        throw new AssertionError("no entry of " + manager);
    }
}
