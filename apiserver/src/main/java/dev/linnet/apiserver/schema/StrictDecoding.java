package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what a decoder into the kind's own type would not take: fields that it does not have, and fields said twice. The words
 * are those of a real API server, which joins them with {@code ", "} after {@code strict decoding error: }.
 */
public final class StrictDecoding {
    private static final JsonFactory JSON = new JsonFactory();

    private StrictDecoding() {}

    /** {@code unknown field "spec.template.spec.x"} for each such field, in the order of the document. */
    public static List<String> unknownFields(ObjectNode object, Schema schema) {
        List<String> found = new ArrayList<>();
        collect(object, schema, "", found, false);
        return found;
    }

    /** Removes unknown fields and says which they were, in the words of {@link #unknownFields}. */
    public static List<String> dropUnknownFields(ObjectNode object, Schema schema) {
        List<String> found = new ArrayList<>();
        collect(object, schema, "", found, true);
        return found;
    }

    /**
     * {@code duplicate field "spec.replicas"} for each field that stands twice in the same object.
     *
     * @param json a whole document, which must be well-formed
     */
    public static List<String> duplicateFields(byte[] json) throws IOException {
        List<String> found = new ArrayList<>();
        Deque<Set<String>> seen = new ArrayDeque<>();
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    seen.push(new HashSet<>());
                } else if (token == JsonToken.END_OBJECT) {
                    seen.pop();
                } else if (token == JsonToken.FIELD_NAME && !seen.element().add(parser.currentName())) {
                    found.add("duplicate field \"" + path(parser) + "\"");
                }
            }
        }
        return found;
    }

    /**
     * Refuses an object with a value of the wrong type, such as {@code replicas: "two"}, whatever the field validation.
     *
     * @throws ApiFailure 400, {@code Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string
     *     into Go struct field DeploymentSpec.spec.replicas of type int32}
     */
    public static void requireTypes(ObjectNode object, Schema schema) {
        TypeMismatch.find(object, schema).ifPresent(mismatch -> {
            String kind = object.path("kind").asText();
            String apiVersion = object.path("apiVersion").asText();
            String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
            throw ApiFailure.badRequest(
                    kind + " in version \"" + version + "\" cannot be handled as a " + kind + ": " + mismatch);
        });
    }

    private static void collect(JsonNode value, Schema schema, String path, List<String> found, boolean drop) {
        if (value instanceof ObjectNode object) {
            collectFields(object, schema, path, found, drop);
        } else if (value instanceof ArrayNode array && schema.items().isPresent()) {
            Schema items = schema.items().get();
            for (int index = 0; index < array.size(); index++) {
                collect(array.get(index), items, path + "[" + index + "]", found, drop);
            }
        }
    }

    private static void collectFields(ObjectNode object, Schema schema, String path, List<String> found, boolean drop) {
        if (!schema.type().equals("object")) {
            return;
        }
        List<String> unknown = new ArrayList<>();
        object.properties().forEach(field -> {
            String name = field.getKey();
            String fieldPath = path.isEmpty() ? name : path + "." + name;
            Optional<Schema> type = schema.property(name).or(schema::values);
            if (type.isPresent()) {
                collect(field.getValue(), type.get(), fieldPath, found, drop);
            } else if (!schema.preservesUnknownFields()) {
                found.add("unknown field \"" + fieldPath + "\"");
                unknown.add(name);
            }
        });
        if (drop) {
            object.remove(unknown);
        }
    }

    /** Jackson's pointer {@code /spec/ports/0/name} as {@code spec.ports[0].name}. */
    private static String path(JsonParser parser) {
        StringBuilder path = new StringBuilder();
        for (JsonStreamContext at = parser.getParsingContext(); at != null && !at.inRoot(); at = at.getParent()) {
            if (at.inObject()) {
                path.insert(0, "." + at.getCurrentName());
            } else if (at.inArray()) {
                path.insert(0, "[" + at.getCurrentIndex() + "]");
            }
        }
        return path.substring(1);
    }
}
