package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A YAML file of several documents under {@code resources/kinds}; the first is an object to begin with. */
record Golden(String name, List<ObjectNode> documents) {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Golden> in(String folder) {
        return under("/kinds/" + folder);
    }

    /** All files of a folder of the test resources. */
    static Stream<Golden> under(String folder) {
        URL place = Objects.requireNonNull(Golden.class.getResource(folder), folder);
        try (Stream<Path> files = Files.list(Path.of(place.toURI()))) {
            return files.sorted().map(Golden::read).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Golden read(Path file) {
        try (MappingIterator<ObjectNode> documents =
                YAML.readerFor(ObjectNode.class).readValues(file.toFile())) {
            return new Golden(String.valueOf(file.getFileName()), documents.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So that numbers compare by value and failures show line by line. */
    static String pretty(JsonNode node) {
        try {
            Object plain = JSON.treeToValue(node, Object.class);
            return JSON.writerWithDefaultPrettyPrinter()
                    .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObjectNode object() {
        return documents.getFirst().deepCopy();
    }

    List<ObjectNode> others() {
        return documents.subList(1, documents.size());
    }

    /** The kind that an object says it is, in whichever version. */
    static ResourceKind kindOf(ObjectNode object) {
        String kind = object.path("kind").asText();
        return BuiltInKinds.all().stream()
                .filter(it -> it.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such kind: " + kind));
    }

    /** As the server does on each write. */
    static ObjectNode prepared(ObjectNode object) {
        ResourceKind kind = kindOf(object);
        kind.rules().normalise(object);
        kind.rules().applyDefaults(object);
        return object;
    }

    /** A merge patch (RFC 7386) applied to a copy. */
    static ObjectNode merged(ObjectNode target, JsonNode patch) {
        ObjectNode result = target.deepCopy();
        patch.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                result.remove(field.getKey());
            } else if (value.isObject() && result.get(field.getKey()) instanceof ObjectNode child) {
                result.set(field.getKey(), merged(child, value));
            } else {
                result.set(field.getKey(), value);
            }
        });
        return result;
    }

    @Override
    public String toString() {
        return name;
    }
}
