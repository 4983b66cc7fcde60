package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.linnet.apiserver.json.Json;

/** Finds the same item in an earlier version of a list. Only lists of {@code x-kubernetes-list-type: map} say which that is. */
final class KeyedItems {
    private KeyedItems() {}

    static JsonNode matching(JsonNode item, JsonNode earlier, JsonNode listSchema) {
        JsonNode keys = listSchema.path("x-kubernetes-list-map-keys");
        for (JsonNode candidate : keys.isEmpty() ? MissingNode.getInstance() : earlier) {
            if (sameKeys(item, candidate, keys)) {
                return candidate;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean sameKeys(JsonNode one, JsonNode other, JsonNode keys) {
        for (JsonNode key : keys) {
            if (!Json.same(one.path(key.asText()), other.path(key.asText()))) {
                return false;
            }
        }
        return true;
    }
}
