package dev.linnet.apiserver.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {spec: {replicas: two}}                  | json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
            {spec: {replicas: 1.5}}                  | json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32
            {spec: {replicas: 3000000000}}           | json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32
            {spec: {paused: 'yes'}}                  | json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool
            {spec: []}                               | json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec
            {metadata: {labels: {a: true}}}          | json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string
            {metadata: {labels: [a]}}                | json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string
            {metadata: {creationTimestamp: soon}}    | parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"
            {spec: {template: {spec: {containers: {name: a}}}}} | json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container
            {spec: {template: {spec: {containers: [{env: [{name: a, value: 1}]}]}}}} | json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string
            {spec: {template: {spec: {containers: [{resources: {limits: {cpu: a lot}}}]}}}} | quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
            {spec: {strategy: {rollingUpdate: {maxSurge: true}}}} | json: cannot unmarshal bool into Go value of type int32
            """)
    void refusesValuesOfTheWrongTypeAsGoWould(String fields, String message) {
        ObjectNode deployment = Json.yaml(fields);
        deployment.put("apiVersion", "apps/v1").put("kind", "Deployment");

        assertThatThrownBy(() -> StrictDecoding.requireTypes(deployment, schemaOf(deployment)))
                .isInstanceOfSatisfying(
                        ApiFailure.class, failure -> assertThat(failure.code()).isEqualTo(400))
                .hasMessage("Deployment in version \"v1\" cannot be handled as a Deployment: " + message);
    }

    @Test
    void acceptsWhatGoAccepts() {
        ObjectNode pod = Json.yaml("""
                apiVersion: v1
                kind: Pod
                metadata: {creationTimestamp: null, deletionTimestamp: "2026-11-21T10:00:00Z", labels: null}
                spec:
                  containers:
                  - name: a
                    resources: {limits: {cpu: 1, memory: 128Mi}, requests: {cpu: 0.5, memory: 1e3}}
                    readinessProbe: {httpGet: {port: http}, tcpSocket: {port: 80}}
                """);
        ObjectNode secret = Json.yaml("{apiVersion: v1, kind: Secret, data: {a: aGVsbG8=, b: '', c: null}}");

        assertThatCode(() -> StrictDecoding.requireTypes(pod, schemaOf(pod))).doesNotThrowAnyException();
        assertThatCode(() -> StrictDecoding.requireTypes(secret, schemaOf(secret)))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesBytesThatAreNoBase64() {
        ObjectNode secret = Json.yaml("{apiVersion: v1, kind: Secret, data: {a: 'not base64'}}");

        assertThatThrownBy(() -> StrictDecoding.requireTypes(secret, schemaOf(secret)))
                .hasMessage(
                        "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 3");
    }

    @Test
    void looksOnlyAtTheMetadataOfCustomResources() {
        Schema canary = CustomSchema.of(catalog, Json.yaml("{type: object, properties: {spec: {type: integer}}}"))
                .schema();
        ObjectNode wrongSpec = Json.yaml("{apiVersion: flagger.app/v1beta1, kind: Canary, spec: a}");
        ObjectNode wrongLabel =
                Json.yaml("{apiVersion: flagger.app/v1beta1, kind: Canary, metadata: {labels: {a: 1}}}");

        assertThatCode(() -> StrictDecoding.requireTypes(wrongSpec, canary)).doesNotThrowAnyException();
        assertThatThrownBy(() -> StrictDecoding.requireTypes(wrongLabel, canary))
                .hasMessageContaining(
                        "cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string");
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
