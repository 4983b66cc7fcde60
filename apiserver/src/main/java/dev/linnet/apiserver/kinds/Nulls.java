package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Takes nulls out of objects, as Go's decoder does: a null field was never said ({@code creationTimestamp: null}), and a null
 * in a map of strings is an empty string ({@code annotations: {x: }}).
 */
final class Nulls {
    private static final Set<String> STRING_MAPS =
            Set.of("labels", "annotations", "matchLabels", "nodeSelector", "data", "binaryData", "stringData");

    /** Parts of a CRD's schema that hold any JSON value. */
    private static final Set<String> ANY_JSON = Set.of("default", "enum", "example");

    private Nulls() {}

    static void drop(ObjectNode object) {
        Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (field.getValue().isNull()) {
                fields.remove();
            } else if (STRING_MAPS.contains(field.getKey())) {
                emptyStrings(field.getValue());
            } else if (!ANY_JSON.contains(field.getKey())) {
                dropIn(field.getValue());
            }
        }
    }

    /** For custom kinds, where a null may be a value: only what all objects have is of a known type. */
    static void dropInMetadata(ObjectNode object) {
        dropIn(object.path("metadata"));
    }

    private static void dropIn(JsonNode value) {
        if (value instanceof ObjectNode object) {
            drop(object);
        } else if (value instanceof ArrayNode array) {
            array.forEach(Nulls::dropIn);
        }
    }

    private static void emptyStrings(JsonNode value) {
        if (value instanceof ObjectNode map) {
            map.properties().stream()
                    .filter(entry -> entry.getValue().isNull())
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(key -> map.put(key, ""));
        }
    }
}
