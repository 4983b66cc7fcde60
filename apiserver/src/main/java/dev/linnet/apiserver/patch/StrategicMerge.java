package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.schema.Schema;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Strategic merge of maps; lists are {@link MergeList}'s. Source: kubernetes.io, "Update API Objects in Place". */
final class StrategicMerge {
    static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String SET_ELEMENT_ORDER = "$setElementOrder/";
    private static final String DELETE_FROM_PRIMITIVE_LIST = "$deleteFromPrimitiveList/";

    private StrategicMerge() {}

    static ObjectNode map(ObjectNode live, ObjectNode patch, Schema schema) {
        return switch (patch.path(PATCH).asText("merge")) {
            case "replace" -> (ObjectNode) withoutDirectives(patch);
            case "delete" -> JsonNodeFactory.instance.objectNode();
            case "merge" -> merged(live, patch, schema);
            default ->
                throw ApiFailure.badRequest(
                        "unknown patch type: " + patch.path(PATCH).asText() + " in map: " + GoText.of(patch));
        };
    }

    /** What a patch leaves where nothing was: no nulls, no directives. */
    static JsonNode withoutDirectives(JsonNode patch) {
        if (patch instanceof ObjectNode object) {
            ObjectNode plain = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (!isDirective(field.getKey()) && !field.getValue().isNull() && !deletes(field.getValue())) {
                    plain.set(field.getKey(), withoutDirectives(field.getValue()));
                }
            }
            return plain;
        }
        if (patch instanceof ArrayNode array) {
            ArrayNode plain = JsonNodeFactory.instance.arrayNode();
            for (JsonNode item : array) {
                if (!deletes(item) && !isReplaceMarker(item)) {
                    plain.add(withoutDirectives(item));
                }
            }
            return plain;
        }
        return patch.deepCopy();
    }

    static boolean deletes(JsonNode item) {
        return item.path(PATCH).asText().equals("delete");
    }

    /** The list element that says: the other elements replace the whole list. */
    static boolean isReplaceMarker(JsonNode item) {
        return item.path(PATCH).asText().equals("replace");
    }

    private static ObjectNode merged(ObjectNode live, ObjectNode patch, Schema schema) {
        ObjectNode result = live.deepCopy();
        retainKeys(result, patch);
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey();
            if (name.startsWith(DELETE_FROM_PRIMITIVE_LIST)) {
                deleteFromList(result, name.substring(DELETE_FROM_PRIMITIVE_LIST.length()), field.getValue());
            } else if (!isDirective(name)) {
                setField(result, name, field.getValue(), Untyped.field(schema, name));
            }
        }
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getKey().startsWith(SET_ELEMENT_ORDER)) {
                String name = field.getKey().substring(SET_ELEMENT_ORDER.length());
                setOrder(result, live, patch.path(name), name, field.getValue(), Untyped.field(schema, name));
            }
        }
        return result;
    }

    private static void retainKeys(ObjectNode result, ObjectNode patch) {
        JsonNode retained = patch.path(RETAIN_KEYS);
        if (retained.isMissingNode()) {
            return;
        }
        Set<String> names = new HashSet<>();
        retained.forEach(name -> names.add(name.asText()));
        boolean setsOther = patch.properties().stream()
                .anyMatch(field ->
                        !isDirective(field.getKey()) && !field.getValue().isNull() && !names.contains(field.getKey()));
        if (!retained.isArray() || setsOther) {
            throw ApiFailure.badRequest("invalid patch format of retainKeys");
        }
        result.retain(names);
    }

    private static void deleteFromList(ObjectNode result, String name, JsonNode gone) {
        if (!gone.isArray()) {
            throw ApiFailure.badRequest("invalid patch format of primitive list");
        }
        if (result.path(name) instanceof ArrayNode list) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            for (JsonNode item : list) {
                if (gone.valueStream().noneMatch(one -> JsonValues.same(one, item))) {
                    kept.add(item);
                }
            }
            result.set(name, kept);
        }
    }

    private static void setField(ObjectNode result, String name, JsonNode patch, Schema schema) {
        JsonNode live = result.path(name);
        if (patch.isNull()) {
            result.remove(name);
        } else if (live instanceof ObjectNode before && patch instanceof ObjectNode change) {
            boolean whole = schema.patchStrategies().contains("replace");
            result.set(name, whole ? withoutDirectives(change) : map(before, change, schema));
        } else if (live instanceof ArrayNode before && patch instanceof ArrayNode change) {
            boolean merges = schema.patchStrategies().contains("merge");
            result.set(name, merges ? new MergeList(before, schema).merge(change) : withoutDirectives(change));
        } else if (!deletes(patch)) {
            result.set(name, withoutDirectives(patch));
        }
    }

    private static void setOrder(
            ObjectNode result, ObjectNode live, JsonNode patch, String name, JsonNode order, Schema schema) {
        if (!(order instanceof ArrayNode wanted)) {
            throw ApiFailure.badRequest("invalid patch format of setElementOrder list");
        }
        if (result.path(name) instanceof ArrayNode list) {
            ArrayNode before =
                    live.path(name) instanceof ArrayNode array ? array : JsonNodeFactory.instance.arrayNode();
            MergeList lists = new MergeList(before, schema);
            lists.checkOrder(patch, wanted);
            result.set(name, lists.ordered(list, wanted));
        }
    }

    private static boolean isDirective(String name) {
        return name.equals(PATCH)
                || name.equals(RETAIN_KEYS)
                || name.startsWith(SET_ELEMENT_ORDER)
                || name.startsWith(DELETE_FROM_PRIMITIVE_LIST);
    }
}
