package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.List;
import java.util.Map;

/**
 * What stands under {@code allOf}, {@code anyOf}, {@code oneOf} and {@code not} of a structural schema may only restrict values,
 * never say what there is.
 */
final class JunctorCheck {
    /** What may not be said there, and what a real API server says must be there instead. */
    private static final Map<String, String> FORBIDDEN = Map.ofEntries(
            Map.entry("type", "must be empty to be structural"),
            Map.entry("additionalProperties", "must be undefined to be structural"),
            Map.entry("default", "must be undefined to be structural"),
            Map.entry("title", "must be empty to be structural"),
            Map.entry("description", "must be empty to be structural"),
            Map.entry("nullable", "must be false to be structural"),
            Map.entry("x-kubernetes-preserve-unknown-fields", "must be false to be structural"),
            Map.entry("x-kubernetes-embedded-resource", "must be false to be structural"),
            Map.entry("x-kubernetes-int-or-string", "must be false to be structural"),
            Map.entry("x-kubernetes-list-map-keys", "must be empty to be structural"),
            Map.entry("x-kubernetes-list-type", "must be undefined to be structural"),
            Map.entry("x-kubernetes-map-type", "must be undefined to be structural"),
            Map.entry("x-kubernetes-validations", "must be empty to be structural"));

    private static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf");

    private final List<FieldError> errors;

    private JunctorCheck(List<FieldError> errors) {
        this.errors = errors;
    }

    static void check(JsonNode schema, String path, List<FieldError> errors) {
        boolean intOrString = schema.path("x-kubernetes-int-or-string").asBoolean();
        new JunctorCheck(errors).junctors(schema, path, intOrString);
    }

    /** @param intOrString {@code anyOf: [{type: integer}, {type: string}]} is how generators write it, and allowed there */
    private void junctors(JsonNode schema, String path, boolean intOrString) {
        for (String junctor : JUNCTORS) {
            JsonNode parts = schema.path(junctor);
            for (int index = 0; index < parts.size(); index++) {
                restriction(parts.get(index), path + "." + junctor + "[" + index + "]", intOrString);
            }
        }
        if (schema.has("not")) {
            restriction(schema.path("not"), path + ".not", false);
        }
    }

    private void restriction(JsonNode schema, String path, boolean intOrString) {
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            String forbidden = FORBIDDEN.get(field.getKey());
            boolean tolerated = intOrString && field.getKey().equals("type");
            if (forbidden != null && !tolerated && !field.getValue().isNull()) {
                errors.add(FieldError.forbidden(path + "." + field.getKey(), forbidden));
            }
        }
        junctors(schema, path, intOrString);
        if (schema.path("properties").has("metadata")) {
            String metadata = path + ".properties[metadata]";
            errors.add(FieldError.forbidden(metadata, "must not be specified in a nested context"));
        }
        schema.path("properties").properties().forEach(property -> {
            restriction(property.getValue(), path + ".properties[" + property.getKey() + "]", false);
        });
        if (schema.path("items").isObject()) {
            restriction(schema.path("items"), path + ".items", false);
        }
    }
}
