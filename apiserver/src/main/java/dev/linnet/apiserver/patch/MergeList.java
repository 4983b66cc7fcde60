package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A live list that a strategic merge patch merges into: maps by their merge key, primitives as a set. */
final class MergeList {
    private final ArrayNode live;
    private final Schema schema;

    MergeList(ArrayNode live, Schema schema) {
        this.live = live;
        this.schema = schema;
    }

    ArrayNode merge(ArrayNode patch) {
        List<JsonNode> result = new ArrayList<>();
        boolean replaces = patch.valueStream().anyMatch(StrategicMerge::isReplaceMarker);
        if (!replaces) {
            live.forEach(result::add);
        }
        List<JsonNode> wanted = new ArrayList<>();
        for (JsonNode item : patch) {
            if (StrategicMerge.deletes(item)) {
                JsonNode key = keyOf(item);
                result.removeIf(one -> JsonValues.same(keyOf(one), key));
            } else if (!StrategicMerge.isReplaceMarker(item)) {
                wanted.add(item);
            }
        }
        wanted.forEach(item -> mergeItem(result, item));
        return ordered(arrayOf(result), arrayOf(wanted));
    }

    /**
     * Puts the elements that {@code order} names into its order. The others keep the order of the live list and stand
     * where it had them relative to the named ones, as far as that is possible.
     */
    ArrayNode ordered(ArrayNode list, ArrayNode order) {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        list.forEach(item -> (indexIn(order, item) >= 0 ? named : others).add(item));
        named.sort(Comparator.comparingInt(item -> indexIn(order, item)));

        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        int next = 0;
        for (JsonNode item : named) {
            while (next < others.size() && standsBefore(others.get(next), item)) {
                result.add(others.get(next++));
            }
            result.add(item);
        }
        others.subList(next, others.size()).forEach(result::add);
        return result;
    }

    /** A patch may name elements in no other order than {@code order} does. */
    void checkOrder(JsonNode patch, ArrayNode order) {
        int last = -1;
        for (JsonNode item : patch) {
            if (item.has(StrategicMerge.PATCH)) {
                continue;
            }
            int index = indexIn(order, item);
            if (index <= last) {
                throw ApiFailure.badRequest("The order in patch list:\n" + GoText.of(patch)
                        + "\n doesn't match $setElementOrder list:\n" + GoText.of(order) + "\n");
            }
            last = index;
        }
    }

    private void mergeItem(List<JsonNode> result, JsonNode item) {
        JsonNode key = keyOf(item);
        for (int i = 0; i < result.size(); i++) {
            if (JsonValues.same(keyOf(result.get(i)), key)) {
                result.set(i, mergedItem(result.get(i), item));
                return;
            }
        }
        result.add(StrategicMerge.withoutDirectives(item));
    }

    private JsonNode mergedItem(JsonNode before, JsonNode patch) {
        return before instanceof ObjectNode object && patch instanceof ObjectNode change
                ? StrategicMerge.map(object, change, Untyped.item(schema))
                : before;
    }

    private boolean standsBefore(JsonNode one, JsonNode other) {
        int index = indexIn(live, one);
        return index >= 0 && index < indexIn(live, other);
    }

    private int indexIn(ArrayNode list, JsonNode item) {
        JsonNode key = keyOf(item);
        for (int i = 0; i < list.size(); i++) {
            if (JsonValues.same(keyOf(list.path(i)), key)) {
                return i;
            }
        }
        return -1;
    }

    private JsonNode keyOf(JsonNode item) {
        if (!item.isObject()) {
            return item;
        }
        String name = schema.patchMergeKey()
                .orElseThrow(
                        () -> ApiFailure.badRequest("cannot merge lists without merge key for " + GoText.of(item)));
        JsonNode key = item.path(name);
        if (key.isMissingNode()) {
            throw ApiFailure.badRequest("map: " + GoText.of(item) + " does not contain declared merge key: " + name);
        }
        return key;
    }

    private static ArrayNode arrayOf(List<JsonNode> items) {
        return JsonNodeFactory.instance.arrayNode().addAll(items);
    }
}
