package dev.linnet.apiserver.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictDecodingTest {
    private final SchemaCatalog catalog = SchemaCatalog.load();

    @ParameterizedTest
    @ValueSource(
            strings = {"canary-by-weight.yaml", "canary-by-header.yaml", "flagger-target.yaml", "gray-release.yaml"})
    void acceptsTheManifestsThatPeopleHave(String file) throws IOException {
        for (ObjectNode manifest : Json.manifests(file)) {
            assertThat(StrictDecoding.unknownFields(manifest, schemaOf(manifest)))
                    .as("%s", manifest)
                    .isEmpty();
        }
    }

    @Test
    void namesUnknownFieldsAsARealServerDoes() {
        ObjectNode deployment = deploymentWithMistakes();

        assertThat(StrictDecoding.unknownFields(deployment, schemaOf(deployment)))
                .containsExactly(
                        "unknown field \"metadata.label\"",
                        "unknown field \"spec.template.spec.containers[1].imagePolicy\"",
                        "unknown field \"spec.template.spec.x\"",
                        "unknown field \"replicas\"");
    }

    @Test
    void changesNothingWhileItLooks() {
        ObjectNode deployment = deploymentWithMistakes();

        StrictDecoding.unknownFields(deployment, schemaOf(deployment));

        assertThat(deployment).isEqualTo(deploymentWithMistakes());
    }

    @Test
    void dropsUnknownFieldsAndKeepsTheRest() {
        ObjectNode deployment = deploymentWithMistakes();

        assertThat(StrictDecoding.dropUnknownFields(deployment, schemaOf(deployment)))
                .hasSize(4);

        assertThat(deployment).isEqualTo(Json.yaml("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: web, annotations: {"any/thing": goes}}
                        spec:
                          template:
                            spec:
                              containers: [{name: a}, {name: b}]
                        """));
    }

    @Test
    void leavesAloneWhatHasNoType() {
        ObjectNode revision = Json.yaml("""
                apiVersion: apps/v1
                kind: ControllerRevision
                metadata:
                  managedFields: [{fieldsV1: {"f:metadata": {}}}]
                data: {spec: {anything: 1}}
                """);

        assertThat(StrictDecoding.unknownFields(revision, schemaOf(revision))).isEmpty();
    }

    @Test
    void namesFieldsThatStandTwice() throws IOException {
        String json = """
                {"spec": {"replicas": 1, "ports": [{"name": "a"}, {"name": "b", "name": "c"}], "replicas": 2}, "kind": "X"}
                """;

        assertThat(StrictDecoding.duplicateFields(json.getBytes(UTF_8)))
                .containsExactly("duplicate field \"spec.ports[1].name\"", "duplicate field \"spec.replicas\"");
    }

    private static ObjectNode deploymentWithMistakes() {
        return Json.yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, label: {app: web}, annotations: {"any/thing": goes}}
                spec:
                  template:
                    spec:
                      containers: [{name: a}, {name: b, imagePolicy: Always}]
                      x: 1
                replicas: 2
                """);
    }

    private Schema schemaOf(ObjectNode object) {
        return catalog.find(
                        object.path("apiVersion").asText(), object.path("kind").asText())
                .orElseThrow();
    }
}
