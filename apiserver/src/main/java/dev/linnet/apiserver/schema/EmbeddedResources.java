package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;

/** Where {@code x-kubernetes-embedded-resource} says so, a value is a whole object and must say which kind it is. */
final class EmbeddedResources {
    static final String EMBEDDED = "x-kubernetes-embedded-resource";

    private final List<FieldError> errors = new ArrayList<>();

    private EmbeddedResources() {}

    static List<FieldError> check(JsonNode value, JsonNode schema) {
        EmbeddedResources resources = new EmbeddedResources();
        resources.visit(value, schema, "");
        return resources.errors;
    }

    private void visit(JsonNode value, JsonNode schema, String path) {
        if (value instanceof ArrayNode array) {
            for (int index = 0; index < array.size(); index++) {
                visit(array.get(index), schema.path("items"), path + "[" + index + "]");
            }
        } else if (value instanceof ObjectNode object) {
            if (schema.path(EMBEDDED).asBoolean()) {
                named(object, path, "apiVersion");
                named(object, path, "kind");
            }
            object.properties().forEach(field -> {
                JsonNode own = schema.path("properties").path(field.getKey());
                JsonNode type = own.isMissingNode() ? schema.path("additionalProperties") : own;
                visit(field.getValue(), type, path.isEmpty() ? field.getKey() : path + "." + field.getKey());
            });
        }
    }

    private void named(ObjectNode object, String path, String field) {
        JsonNode name = object.path(field);
        if (name.isMissingNode()) {
            errors.add(FieldError.required(path + "." + field, "must not be empty"));
        } else if (!name.isTextual()) {
            errors.add(FieldError.invalid(path + "." + field, GoValue.of(name), "must be a string"));
        } else if (name.textValue().isEmpty()) {
            errors.add(FieldError.invalid(path + "." + field, "", "must not be empty"));
        }
    }
}
