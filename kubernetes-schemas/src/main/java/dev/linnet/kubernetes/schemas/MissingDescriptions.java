package dev.linnet.kubernetes.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Describes fields that refer to another type. The client's generator lost what Kubernetes says of them, so that {@code kubectl
 * explain} would list them without a word; they get a few words of our own, or what their type says.
 */
final class MissingDescriptions {
    private static final Map<String, String> BY_FIELD = Map.of(
            "metadata", "Standard object's metadata: name, namespace, labels, annotations.",
            "spec", "What is wanted.",
            "status", "What is there, as last observed. Written by the system.");

    private MissingDescriptions() {}

    static void fill(Map<String, ObjectNode> definitions) {
        for (ObjectNode definition : definitions.values()) {
            for (Map.Entry<String, JsonNode> property :
                    definition.path("properties").properties()) {
                JsonNode reference = property.getValue().path("$ref");
                if (reference.isTextual()) {
                    property.setValue(described(property.getKey(), reference.textValue(), definitions));
                }
            }
        }
    }

    private static ObjectNode described(String field, String reference, Map<String, ObjectNode> definitions) {
        String type = reference.substring(reference.lastIndexOf('/') + 1);
        String ofType =
                GenerateSchemas.named(definitions, type).path("description").asText();
        return ModelDefinitions.described(ModelDefinitions.reference(type), BY_FIELD.getOrDefault(field, ofType));
    }
}
