package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.schema.Schema;

/** Takes fields out of a value. */
final class Removing {
    private Removing() {}

    static ObjectNode from(ObjectNode object, FieldSet gone, Schema schema) {
        return remove(object, gone, schema) instanceof ObjectNode rest ? rest : JsonNodeFactory.instance.objectNode();
    }

    /** Missing where nothing is left of a map or list that had content. */
    private static JsonNode remove(JsonNode value, FieldSet gone, Schema schema) {
        if (gone.isEmpty() || value.isEmpty()) {
            return value;
        }
        JsonNode rest = switch (Shape.of(value, schema)) {
            case LEAF -> value;
            case MAP -> fromMap(value, gone, schema);
            case LIST -> fromList(value, gone, schema);
        };
        return rest.isEmpty() && rest.isContainerNode() ? MissingNode.getInstance() : rest;
    }

    private static ObjectNode fromMap(JsonNode map, FieldSet gone, Schema schema) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        map.properties().forEach(field -> {
            FieldSet below = gone.at(PathElement.field(field.getKey()));
            if (!below.self()) {
                JsonNode value = remove(field.getValue(), below, Untyped.field(schema, field.getKey()));
                if (!value.isMissingNode()) {
                    rest.set(field.getKey(), value);
                }
            }
        });
        return rest;
    }

    private static ArrayNode fromList(JsonNode list, FieldSet gone, Schema schema) {
        ArrayNode rest = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            FieldSet below = gone.at(ListItems.key(item, schema).orElseThrow());
            if (!below.self()) {
                JsonNode value = remove(item, below, Untyped.item(schema));
                if (!value.isMissingNode()) {
                    rest.add(value);
                }
            }
        }
        return rest;
    }
}
