package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Takes out of objects what Go's types cannot tell from fields that were never said: nulls ({@code creationTimestamp: null}),
 * empty lists, and empty maps of strings, such as the labels of an object whose last label went. A null in a map of strings is
 * an empty string ({@code annotations: {x: }}). Empty objects stay: {@code emptyDir: {}} says something.
 */
final class Unsaid {
    private static final Set<String> STRING_MAPS =
            Set.of("labels", "annotations", "matchLabels", "nodeSelector", "data", "binaryData", "stringData");

    /** Parts of a CRD's schema that hold any JSON value. */
    private static final Set<String> ANY_JSON = Set.of("default", "enum", "example");

    private Unsaid() {}

    static void drop(ObjectNode object) {
        Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (saysNothing(field.getKey(), field.getValue())) {
                fields.remove();
            } else if (isStringMap(field.getKey(), field.getValue())) {
                emptyStrings((ObjectNode) field.getValue());
            } else if (!ANY_JSON.contains(field.getKey())) {
                dropIn(field.getValue());
            }
        }
    }

    private static boolean saysNothing(String field, JsonNode value) {
        boolean collection = isStringMap(field, value) || (value.isArray() && !ANY_JSON.contains(field));
        return value.isNull() || (collection && value.isEmpty());
    }

    private static boolean isStringMap(String field, JsonNode value) {
        return STRING_MAPS.contains(field) && value.isObject();
    }

    /** For custom kinds, where a null or an empty list may be a value: only what all objects have is of a known type. */
    static void dropInMetadata(ObjectNode object) {
        dropIn(object.path("metadata"));
    }

    private static void dropIn(JsonNode value) {
        if (value instanceof ObjectNode object) {
            drop(object);
        } else if (value instanceof ArrayNode array) {
            array.forEach(Unsaid::dropIn);
        }
    }

    private static void emptyStrings(ObjectNode map) {
        map.properties().stream()
                .filter(entry -> entry.getValue().isNull())
                .map(Map.Entry::getKey)
                .toList()
                .forEach(key -> map.put(key, ""));
    }
}
