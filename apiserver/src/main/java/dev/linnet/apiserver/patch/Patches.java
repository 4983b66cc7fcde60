package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.schema.Schema;

/** The three patch types that change an object by themselves. All are pure: arguments are never changed. */
public final class Patches {
    private Patches() {}

    /**
     * JSON Patch, RFC 6902. Operations apply all or none.
     *
     * @throws ApiFailure 422 when an operation cannot be done or a {@code test} fails
     */
    public static ObjectNode json(ObjectNode live, ArrayNode patch) {
        return new JsonPatch(live).apply(patch);
    }

    /** JSON Merge Patch, RFC 7386: null deletes, objects merge, all else replaces. */
    public static ObjectNode merge(ObjectNode live, ObjectNode patch) {
        ObjectNode result = live.deepCopy();
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                result.remove(field.getKey());
            } else {
                result.set(field.getKey(), merged(result.path(field.getKey()), field.getValue()));
            }
        });
        return result;
    }

    /**
     * Strategic merge patch: a merge patch that knows which lists are merged, and by which key. For built-in kinds only.
     *
     * @param schema the type of {@code live}; read for patch strategies and merge keys
     * @throws ApiFailure 400 when a directive or a list element is malformed
     */
    public static ObjectNode strategic(ObjectNode live, ObjectNode patch, Schema schema) {
        return StrategicMerge.map(live, patch, schema);
    }

    private static JsonNode merged(JsonNode live, JsonNode patch) {
        if (!(patch instanceof ObjectNode fields)) {
            return patch.deepCopy();
        }
        return merge(live instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode(), fields);
    }
}
