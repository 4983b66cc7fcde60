package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Objects for tests, written as people write them. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private Json() {}

    static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) YAML.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static JsonNode resource(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(Json.class.getResourceAsStream(name), name)) {
            return YAML.readTree(file);
        }
    }

    /** All documents of a test resource. */
    static List<ObjectNode> manifests(String name) throws IOException {
        try (InputStream file =
                        Objects.requireNonNull(Json.class.getResourceAsStream("/schema/manifests/" + name), name);
                MappingIterator<ObjectNode> documents =
                        YAML.readerFor(ObjectNode.class).readValues(file)) {
            return documents.readAll();
        }
    }
}
