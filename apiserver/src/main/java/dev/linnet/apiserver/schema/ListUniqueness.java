package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Items of {@code x-kubernetes-list-type: set}, and keys of {@code map}, must be there once. */
final class ListUniqueness {
    private final List<FieldError> errors = new ArrayList<>();

    private ListUniqueness() {}

    static List<FieldError> check(ObjectNode object, Schema schema) {
        ListUniqueness uniqueness = new ListUniqueness();
        uniqueness.visit(object, schema, "");
        return uniqueness.errors;
    }

    private void visit(JsonNode value, Schema schema, String path) {
        if (value instanceof ArrayNode array) {
            visitArray(array, schema, path);
            return;
        }
        value.properties().forEach(field -> {
            Optional<Schema> own = schema.property(field.getKey());
            if (own.isPresent()) {
                visit(field.getValue(), own.get(), path.isEmpty() ? field.getKey() : path + "." + field.getKey());
            } else {
                schema.values().ifPresent(values -> visit(field.getValue(), values, path + "[" + field.getKey() + "]"));
            }
        });
    }

    private void visitArray(ArrayNode array, Schema schema, String path) {
        switch (schema.listType()) {
            case ATOMIC -> {}
            case SET -> unique(array, List.of(), path);
            case MAP -> unique(array, schema.listMapKeys(), path);
        }
        schema.items().ifPresent(items -> {
            for (int index = 0; index < array.size(); index++) {
                visit(array.get(index), items, path + "[" + index + "]");
            }
        });
    }

    /** @param keys empty where whole items are compared */
    private void unique(ArrayNode array, List<String> keys, String path) {
        Set<JsonNode> seen = new HashSet<>();
        Set<JsonNode> reported = new HashSet<>();
        for (int index = 0; index < array.size(); index++) {
            JsonNode item = array.get(index);
            if (!keys.isEmpty() && !item.isObject() && !item.isNull()) {
                errors.add(FieldError.invalid(
                        path + "[" + index + "]", GoValue.of(item), "must be an object for an array of list-type map"));
                return;
            }
            JsonNode identity = keys.isEmpty() ? item : key(item, keys);
            if (!seen.add(identity) && reported.add(identity)) {
                errors.add(FieldError.duplicate(path + "[" + index + "]", GoValue.of(identity)));
            }
        }
    }

    private static ObjectNode key(JsonNode item, List<String> keys) {
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        keys.stream().filter(item::has).forEach(name -> key.set(name, item.get(name)));
        return key;
    }
}
