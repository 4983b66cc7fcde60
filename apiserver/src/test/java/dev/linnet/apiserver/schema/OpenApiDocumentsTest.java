package dev.linnet.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.PublishedResource.Subresource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenApiDocumentsTest {
    private static final SchemaCatalog CATALOG = SchemaCatalog.load();
    private static final String ONE_DEPLOYMENT = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    private static final String ONE_CANARY = "/apis/flagger.app/v1beta1/namespaces/{namespace}/canaries/{name}";

    private final OpenApiDocuments documents = new OpenApiDocuments(CATALOG);

    private final List<PublishedResource> served = List.of(
            builtIn("apps/v1", "Deployment", "deployments", Subresource.STATUS, Subresource.SCALE),
            builtIn("v1", "Pod", "pods", Subresource.STATUS),
            builtIn("v1", "ConfigMap", "configmaps"),
            builtIn("extensions/v1beta1", "Ingress", "ingresses", Subresource.STATUS),
            builtIn("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions"),
            PublishedResource.question(
                    "authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false),
            canaries("{type: object, properties: {spec: {type: object, properties: {weight: {type: integer}}}}}"));

    @Test
    void listsEachGroupVersionWithWhereItsDocumentIs() {
        JsonNode paths = documents.index(served).path("paths");

        assertThat(paths.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "api/v1",
                        "apis/apps/v1",
                        "apis/apiextensions.k8s.io/v1",
                        "apis/authorization.k8s.io/v1",
                        "apis/extensions/v1beta1",
                        "apis/flagger.app/v1beta1");
        assertThat(paths.path("apis/apps/v1").path("serverRelativeURL").asText())
                .matches("/openapi/v3/apis/apps/v1\\?hash=[0-9A-F]{128}");
    }

    @Test
    void changesAHashOnlyWhenItsDocumentDoes() {
        List<PublishedResource> changed = new ArrayList<>(served);
        changed.set(changed.size() - 1, canaries("{type: object}"));

        JsonNode before = documents.index(served).path("paths");
        JsonNode after = documents.index(changed).path("paths");

        assertThat(after.path("apis/apps/v1")).isEqualTo(before.path("apis/apps/v1"));
        assertThat(after.path("apis/flagger.app/v1beta1")).isNotEqualTo(before.path("apis/flagger.app/v1beta1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1",
                "apps/v1",
                "extensions/v1beta1",
                "apiextensions.k8s.io/v1",
                "authorization.k8s.io/v1",
                "flagger.app/v1beta1"
            })
    void holdsEveryDefinitionThatItRefersTo(String groupVersion) throws IOException {
        JsonNode document = document(groupVersion);

        List<String> names = new ArrayList<>();
        collectReferences(document, names);

        assertThat(names)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(
                                document.path("components").path("schemas").has(name))
                        .as(name)
                        .isTrue());
    }

    @Test
    void tellsKubectlHowToPatchABuiltInKind() throws IOException {
        JsonNode patch = document("apps/v1").path("paths").path(ONE_DEPLOYMENT).path("patch");

        assertThat(patch.path("x-kubernetes-action").asText()).isEqualTo("patch");
        assertThat(patch.path("x-kubernetes-group-version-kind"))
                .isEqualTo(Json.yaml("{group: apps, version: v1, kind: Deployment}"));
        assertThat(patch.path("parameters").findValuesAsText("name"))
                .contains("dryRun", "fieldManager", "fieldValidation", "force");
        assertThat(patch.path("requestBody").path("content").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "application/apply-patch+yaml",
                        "application/json-patch+json",
                        "application/merge-patch+json",
                        "application/strategic-merge-patch+json");
    }

    @Test
    void offersNoStrategicMergeForCustomResources() throws IOException {
        JsonNode document = document("flagger.app/v1beta1");
        JsonNode canary = document.path("components").path("schemas").path("app.flagger.v1beta1.Canary");

        assertThat(document.path("paths")
                        .path(ONE_CANARY)
                        .path("patch")
                        .path("requestBody")
                        .path("content")
                        .has("application/strategic-merge-patch+json"))
                .isFalse();
        assertThat(canary.path("x-kubernetes-group-version-kind").path(0))
                .isEqualTo(Json.yaml("{group: flagger.app, version: v1beta1, kind: Canary}"));
        assertThat(canary.path("properties").path("spec").path("properties").has("weight"))
                .isTrue();
    }

    @Test
    void showsScaleAsAKindOfItsOwn() throws IOException {
        JsonNode paths = document("apps/v1").path("paths");

        assertThat(paths.path(ONE_DEPLOYMENT + "/scale").path("get").path("x-kubernetes-group-version-kind"))
                .isEqualTo(Json.yaml("{group: autoscaling, version: v1, kind: Scale}"));
        assertThat(paths.has(ONE_DEPLOYMENT + "/status")).isTrue();
        assertThat(paths.path("/apis/apps/v1/deployments").has("get")).isTrue();
    }

    private JsonNode document(String groupVersion) throws IOException {
        return Json.MAPPER.readTree(documents.document(groupVersion, served));
    }

    private static void collectReferences(JsonNode node, List<String> names) {
        if (node.path("$ref").isTextual()) {
            names.add(node.path("$ref").textValue().substring("#/components/schemas/".length()));
        }
        node.forEach(child -> collectReferences(child, names));
    }

    private static PublishedResource builtIn(
            String groupVersion, String kind, String plural, Subresource... subresources) {
        return new PublishedResource(groupVersion, kind, plural, true, List.of(subresources), false, Optional.empty());
    }

    private static PublishedResource canaries(String schema) {
        ObjectNode openApi = Json.yaml(schema);
        return new PublishedResource(
                "flagger.app/v1beta1",
                "Canary",
                "canaries",
                true,
                List.of(),
                false,
                Optional.of(CustomSchema.of(CATALOG, openApi)));
    }
}
