package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.linnet.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What identifies an element of a set, or of a list with keys. */
final class ListItems {
    private static final JsonMapper JSON = new JsonMapper();

    private ListItems() {}

    /** Elements by their step, in order. A live list may hold several with one step. */
    static Map<PathElement, List<JsonNode>> byKey(JsonNode list, Schema schema) {
        Map<PathElement, List<JsonNode>> items = new LinkedHashMap<>();
        for (JsonNode item : list) {
            key(item, schema)
                    .ifPresent(key ->
                            items.computeIfAbsent(key, _ -> new ArrayList<>()).add(item));
        }
        return items;
    }

    /**
     * The step that leads to an element of a list of that type. Empty where an element cannot be told from others: a map
     * in a set, an element with none of the keys.
     */
    static Optional<PathElement> key(JsonNode item, Schema list) {
        return switch (list.listType()) {
            case ATOMIC -> Optional.empty();
            case SET -> item.isValueNode() && !item.isNull() ? Optional.of(PathElement.value(item)) : Optional.empty();
            case MAP -> mapKey(item, list);
        };
    }

    private static Optional<PathElement> mapKey(JsonNode item, Schema list) {
        if (!item.isObject()) {
            return Optional.empty();
        }
        TreeMap<String, JsonNode> key = new TreeMap<>();
        for (String name : list.listMapKeys()) {
            JsonNode value = item.has(name) ? item.path(name) : defaultOf(list, name);
            if (!value.isMissingNode()) {
                key.put(name, value);
            }
        }
        return key.isEmpty() ? Optional.empty() : Optional.of(PathElement.key(key));
    }

    /** Real OpenAPI documents carry this one default; generated ones may not, and without it every applied port is new. */
    private static JsonNode defaultOf(Schema list, String name) {
        Optional<String> json = Untyped.field(Untyped.item(list), name).defaultJson();
        if (json.isEmpty()) {
            return name.equals("protocol") ? TextNode.valueOf("TCP") : MissingNode.getInstance();
        }
        try {
            return JSON.readTree(json.get());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "default of list key " + name + " is " + json.get() + " (expected: JSON)", e);
        }
    }
}
