package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.schema.Schema;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Refuses configurations whose list elements cannot be told apart. */
final class ApplyCheck {
    private final String object;

    private ApplyCheck(ObjectNode configuration) {
        JsonNode metadata = configuration.path("metadata");
        this.object = metadata.path("namespace").asText() + "/"
                + metadata.path("name").asText() + "; "
                + configuration.path("apiVersion").asText() + ", Kind="
                + configuration.path("kind").asText();
    }

    /** @throws ApiFailure 400, in the words that a real server answers with 500 */
    static void check(ObjectNode configuration, Schema schema) {
        new ApplyCheck(configuration).walk("", configuration, schema);
    }

    private void walk(String path, JsonNode value, Schema schema) {
        if (value.isObject() && !schema.atomicMap()) {
            value.properties()
                    .forEach(field ->
                            walk(path + "." + field.getKey(), field.getValue(), Untyped.field(schema, field.getKey())));
        } else if (value.isArray() && schema.listType() != Schema.ListType.ATOMIC) {
            walkList(path, value, schema);
        }
    }

    private void walkList(String path, JsonNode list, Schema schema) {
        Set<PathElement> seen = new HashSet<>();
        int index = 0;
        for (JsonNode item : list) {
            Optional<PathElement> key = ListItems.key(item, schema);
            if (key.isEmpty()) {
                throw refused(path + ": element " + index + ": " + reason(schema));
            }
            if (!seen.add(key.get())) {
                throw refused(path + ": duplicate entries for key " + key.get().shown());
            }
            walk(path + key.get().shown(), item, Untyped.item(schema));
            index++;
        }
    }

    private static String reason(Schema schema) {
        return schema.listType() == Schema.ListType.MAP
                ? "associative list with keys has an element that omits all key fields " + schema.listMapKeys()
                        + " (and doesn't have default values for any key fields)"
                : "associative list without keys has an element that is no scalar";
    }

    private ApiFailure refused(String problem) {
        return ApiFailure.badRequest("failed to create typed patch object (" + object + "): " + problem);
    }
}
