package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads and fills JSON trees as Go's decoder would see them: absent, null and wrongly typed values read as the zero value,
 * so that rules need no checks of shape.
 */
final class Json {
    private Json() {}

    static ObjectNode newObject() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode arrayOf(List<String> texts) {
        ArrayNode array = newArray();
        texts.forEach(array::add);
        return array;
    }

    static ArrayNode newArray() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static JsonNode at(JsonNode node, String... path) {
        JsonNode current = node;
        for (String name : path) {
            current = current.path(name);
        }
        return current;
    }

    /** The text of a string, number or boolean; empty for anything else. */
    static String text(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isValueNode() && !found.isNull() ? found.asText() : "";
    }

    static String textOr(String otherwise, JsonNode node, String... path) {
        String found = text(node, path);
        return found.isEmpty() ? otherwise : found;
    }

    static long number(JsonNode node, String... path) {
        return at(node, path).asLong(0);
    }

    static boolean isTrue(JsonNode node, String... path) {
        return at(node, path).asBoolean(false);
    }

    static boolean isSet(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return !found.isMissingNode() && !found.isNull();
    }

    /** The objects in a list; anything else in it is passed over. */
    static List<ObjectNode> objects(JsonNode node, String... path) {
        List<ObjectNode> found = new ArrayList<>();
        for (JsonNode element : array(node, path)) {
            if (element instanceof ObjectNode object) {
                found.add(object);
            }
        }
        return found;
    }

    static List<String> texts(JsonNode node, String... path) {
        List<String> found = new ArrayList<>();
        for (JsonNode element : array(node, path)) {
            found.add(text(element));
        }
        return found;
    }

    /** Not attached where there is no list. */
    private static JsonNode array(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isArray() ? found : newArray();
    }

    /** Names of an object's fields, in their order. */
    static List<String> names(JsonNode node) {
        List<String> found = new ArrayList<>();
        node.fieldNames().forEachRemaining(found::add);
        return found;
    }

    /** A map of strings, sorted by key. */
    static SortedMap<String, String> strings(JsonNode node, String... path) {
        SortedMap<String, String> found = new TreeMap<>();
        for (var entry : at(node, path).properties()) {
            found.put(entry.getKey(), text(entry.getValue()));
        }
        return found;
    }

    static Optional<ObjectNode> find(JsonNode node, String... path) {
        return at(node, path) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /** The object there, made where absent. What has another type is left alone, and the result is then not attached. */
    static ObjectNode object(ObjectNode parent, String... path) {
        ObjectNode current = parent;
        for (String name : path) {
            if (!isSet(current, name)) {
                current.set(name, newObject());
            }
            current = current.get(name) instanceof ObjectNode child ? child : newObject();
        }
        return current;
    }

    /** Whether two values say the same; 1 and 1.0 do. Absent is not the same as null. */
    static boolean same(JsonNode one, JsonNode other) {
        return one.equals(Json::compareValues, other);
    }

    private static int compareValues(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    /** Sets a string that is absent or empty. */
    static void putDefault(ObjectNode parent, String name, String value) {
        if (text(parent, name).isEmpty() && !parent.path(name).isContainerNode()) {
            parent.put(name, value);
        }
    }

    /** Sets a number that is absent; for optional numbers, where 0 is a choice. */
    static void putDefault(ObjectNode parent, String name, int value) {
        if (!isSet(parent, name)) {
            parent.put(name, value);
        }
    }

    static void putDefault(ObjectNode parent, String name, boolean value) {
        if (!isSet(parent, name)) {
            parent.put(name, value);
        }
    }

    static void putDefault(ObjectNode parent, String name, JsonNode value) {
        if (!isSet(parent, name)) {
            parent.set(name, value);
        }
    }

    /** Sets a number that is absent or 0; for numbers where 0 means that nothing was said. */
    static void putDefaultForZero(ObjectNode parent, String name, int value) {
        if (!isSet(parent, name) || (parent.path(name).isNumber() && number(parent, name) == 0)) {
            parent.put(name, value);
        }
    }
}
