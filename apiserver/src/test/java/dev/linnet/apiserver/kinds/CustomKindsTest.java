package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.kinds.ResourceKind.Column;
import dev.linnet.apiserver.kinds.ResourceKind.OtherVersion;
import dev.linnet.apiserver.kinds.ResourceKind.ScalePaths;
import dev.linnet.apiserver.schema.SchemaCatalog;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class CustomKindsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String DEFINITION = """
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget, shortNames: [wd], categories: [all]}
              versions:
              - name: v1alpha1
                served: false
                storage: false
                schema: {openAPIV3Schema: {type: object}}
              - name: v1beta1
                served: true
                storage: false
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          size: {type: integer}
              - name: v1
                served: true
                storage: true
                subresources:
                  status: {}
                  scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
                selectableFields: [{jsonPath: .spec.color}]
                additionalPrinterColumns:
                - {name: Size, type: integer, jsonPath: .spec.size}
                - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
                - {name: Since, type: date, jsonPath: .status.since}
                - {name: Color, type: string, jsonPath: .spec.color, priority: 1, description: What it looks like}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          size: {type: integer, default: 3, minimum: 1}
                          color: {type: string}
                      status:
                        type: object
                        x-kubernetes-preserve-unknown-fields: true
            """;

    private static ResourceKind kindOf(ObjectNode definition) {
        return CustomKinds.of(definition, SchemaCatalog.load()).orElseThrow().kind();
    }

    private static ResourceKind widgets() {
        return kindOf(Golden.yaml(DEFINITION));
    }

    @Test
    void takesNamesAndSubresourcesFromTheDefinition() {
        ResourceKind widgets = widgets();

        assertThat(widgets.qualifiedPlural()).isEqualTo("widgets.example.com");
        assertThat(widgets.groupVersion()).isEqualTo("example.com/v1");
        assertThat(widgets.singular()).isEqualTo("widget");
        assertThat(widgets.shortNames()).containsExactly("wd");
        assertThat(widgets.categories()).containsExactly("all");
        assertThat(widgets.statusSubresource()).isTrue();
        assertThat(widgets.scale()).contains(new ScalePaths("spec.size", "status.size", ""));
        assertThat(widgets.rules().selectableFieldNames()).containsExactly("spec.color");
    }

    @Test
    void showsTheDeclaredColumns() {
        ObjectNode widget = Golden.yaml("""
                metadata: {name: a}
                spec: {size: 2, color: red}
                status: {since: "2026-03-01T11:59:00Z", conditions: [{type: Other, status: x}, {type: Ready, status: "True"}]}
                """);

        assertThat(widgets().rules().columns())
                .extracting(Column::name, Column::type, Column::priority)
                .containsExactly(
                        tuple("Name", "string", 0),
                        tuple("Size", "integer", 0),
                        tuple("Ready", "string", 0),
                        tuple("Since", "date", 0),
                        tuple("Color", "string", 1));
        assertThat(widgets().rules().cells(widget, NOW)).containsExactly("a", 2L, "True", "60s", "red");
        assertThat(widgets().rules().cells(Golden.yaml("{metadata: {name: a}}"), NOW))
                .containsExactly(
                        "a",
                        NullNode.getInstance(),
                        NullNode.getInstance(),
                        NullNode.getInstance(),
                        NullNode.getInstance());
    }

    @Test
    void showsNameAndAgeWhereNoColumnsAreDeclared() {
        ObjectNode definition = Golden.yaml(DEFINITION);
        Json.objects(definition, "spec", "versions").forEach(version -> version.remove("additionalPrinterColumns"));

        assertThat(kindOf(definition).rules().columns())
                .extracting(Column::name)
                .containsExactly("Name", "Age");
    }

    @Test
    void prunesFillsAndChecksByTheStoredVersionsSchema() {
        ObjectNode widget = Golden.yaml("{apiVersion: example.com/v1, kind: Widget, spec: {unknown: 1, color: red}}");
        ResourceKind widgets = widgets();

        widgets.rules().normalise(widget);
        widgets.rules().applyDefaults(widget);

        assertThat(Golden.pretty(widget))
                .isEqualTo(Golden.pretty(
                        Golden.yaml("{apiVersion: example.com/v1, kind: Widget, spec: {color: red, size: 3}}")));
        Json.object(widget, "spec").put("size", 0);
        assertThat(widgets.rules().validateCreate(widget).stream().map(FieldError::line))
                .containsExactly("spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1");
    }

    @Test
    void servesFurtherVersionsUnderTheirOwnNamesAndSchemas() {
        ResourceKind widgets = widgets();
        OtherVersion beta = widgets.otherVersions().getFirst();

        ObjectNode stored = beta.converter()
                .toStored(Golden.yaml("{apiVersion: example.com/v1beta1, spec: {size: 1, color: red}}"));

        assertThat(widgets.otherVersions()).extracting(OtherVersion::version).containsExactly("v1beta1");
        assertThat(Golden.pretty(stored))
                .isEqualTo(Golden.pretty(Golden.yaml("{apiVersion: example.com/v1, spec: {size: 1}}")));
        assertThat(beta.converter().toServed(stored).path("apiVersion").asText())
                .isEqualTo("example.com/v1beta1");
    }

    @Test
    void declaresNothingWhileNoVersionIsServed() {
        ObjectNode definition = Golden.yaml(DEFINITION);
        Json.objects(definition, "spec", "versions").forEach(version -> version.put("served", false));

        assertThat(CustomKinds.of(definition, SchemaCatalog.load())).isEmpty();
    }
}
