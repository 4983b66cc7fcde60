package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Structural defaulting: a property that is missing, or null where null is not allowed, takes its default. Other nulls that are
 * not allowed are removed first, so that {@code null} means "as if I had not said it".
 */
final class StructuralDefaults {
    private StructuralDefaults() {}

    static void apply(ObjectNode object, JsonNode schema) {
        dropNulls(object, schema);
        fill(object, schema);
    }

    private static void dropNulls(JsonNode value, JsonNode schema) {
        if (value instanceof ArrayNode array) {
            array.forEach(item -> dropNulls(item, schema.path("items")));
        } else if (value instanceof ObjectNode object) {
            List<String> dropped = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode type = typeOf(field.getKey(), schema);
                if (isForbiddenNull(field.getValue(), type) && !type.has("default")) {
                    dropped.add(field.getKey());
                } else {
                    dropNulls(field.getValue(), type);
                }
            }
            object.remove(dropped);
        }
    }

    private static void fill(JsonNode value, JsonNode schema) {
        if (value instanceof ArrayNode array) {
            JsonNode items = schema.path("items");
            for (int index = 0; index < array.size(); index++) {
                if (isForbiddenNull(array.get(index), items) && items.has("default")) {
                    array.set(index, items.path("default").deepCopy());
                }
                fill(array.get(index), items);
            }
        } else if (value instanceof ObjectNode object) {
            fillFields(object, schema);
        }
    }

    private static void fillFields(ObjectNode object, JsonNode schema) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode now = object.path(property.getKey());
            if (property.getValue().has("default")
                    && (now.isMissingNode() || isForbiddenNull(now, property.getValue()))) {
                object.set(
                        property.getKey(), property.getValue().path("default").deepCopy());
            }
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode type = typeOf(field.getKey(), schema);
            if (isForbiddenNull(field.getValue(), type) && type.has("default")) {
                field.setValue(type.path("default").deepCopy());
            }
            fill(field.getValue(), type);
        }
    }

    private static JsonNode typeOf(String name, JsonNode schema) {
        JsonNode property = schema.path("properties").path(name);
        if (!property.isMissingNode()) {
            return property;
        }
        JsonNode values = schema.path("additionalProperties");
        return values.isObject() ? values : MissingNode.getInstance();
    }

    private static boolean isForbiddenNull(JsonNode value, JsonNode type) {
        return value.isNull() && type.isObject() && !type.path("nullable").asBoolean();
    }
}
