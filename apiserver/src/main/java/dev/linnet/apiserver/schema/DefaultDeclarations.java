package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;

/** Whether a default is a value that its schema takes, with nothing in it that would be pruned. */
final class DefaultDeclarations {
    private DefaultDeclarations() {}

    /** The default of one schema, not of those within it. */
    static List<FieldError> check(JsonNode schema, String path) {
        if (!schema.has("default")) {
            return List.of();
        }
        JsonNode value = schema.path("default");
        String at = path + ".default";
        List<FieldError> errors = new ArrayList<>();
        if (hasUnknownFields(value, schema)) {
            errors.add(FieldError.invalid(at, GoValue.of(value), "must not have unknown fields"));
        }
        errors.addAll(new ValueValidation().validate(value, schema, at));
        return errors;
    }

    private static boolean hasUnknownFields(JsonNode value, JsonNode schema) {
        JsonNode values = schema.path("additionalProperties");
        if (value instanceof ArrayNode array) {
            for (JsonNode item : array) {
                if (hasUnknownFields(item, schema.path("items"))) {
                    return true;
                }
            }
        }
        if (!(value instanceof ObjectNode object)
                || schema.path(EmbeddedResources.EMBEDDED).asBoolean()) {
            return false;
        }
        return object.properties().stream().anyMatch(field -> {
            JsonNode own = schema.path("properties").path(field.getKey());
            if (own.isObject()) {
                return hasUnknownFields(field.getValue(), own);
            }
            boolean free = schema.path(Shape.PRESERVE).asBoolean() || values.asBoolean();
            return values.isObject() ? hasUnknownFields(field.getValue(), values) : !free;
        });
    }
}
