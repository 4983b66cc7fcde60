package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.apiserver.schema.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A schema read from {@code schemas.yaml}. */
record TestSchema(JsonNode all, JsonNode node) implements Schema {
    private static final YAMLMapper YAML = new YAMLMapper();

    static Schema named(String name) {
        try (InputStream in = Objects.requireNonNull(TestSchema.class.getResourceAsStream("schemas.yaml"))) {
            JsonNode all = YAML.readTree(in);
            return new TestSchema(all, all.path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String type() {
        return node.path("type").asText();
    }

    @Override
    public Optional<Schema> property(String name) {
        return at(node.path("properties").path(name));
    }

    @Override
    public Set<String> properties() {
        Set<String> names = new TreeSet<>();
        node.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Override
    public Optional<Schema> items() {
        return at(node.path("items"));
    }

    @Override
    public Optional<Schema> values() {
        return at(node.path("additionalProperties"));
    }

    @Override
    public boolean preservesUnknownFields() {
        return node.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    @Override
    public ListType listType() {
        return ListType.valueOf(
                node.path("x-kubernetes-list-type").asText("atomic").toUpperCase(Locale.ROOT));
    }

    @Override
    public List<String> listMapKeys() {
        return node.path("x-kubernetes-list-map-keys")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    @Override
    public boolean atomicMap() {
        return node.path("x-kubernetes-map-type").asText().equals("atomic");
    }

    @Override
    public Set<String> patchStrategies() {
        return Set.of(node.path("x-kubernetes-patch-strategy").asText().split(",", -1));
    }

    @Override
    public Optional<String> patchMergeKey() {
        return Optional.of(node.path("x-kubernetes-patch-merge-key").asText()).filter(key -> !key.isEmpty());
    }

    @Override
    public Optional<String> defaultJson() {
        return node.has("default") ? Optional.of(node.path("default").toString()) : Optional.empty();
    }

    private Optional<Schema> at(JsonNode child) {
        if (child.isMissingNode()) {
            return Optional.empty();
        }
        JsonNode target = child.has("$ref") ? all.path(child.path("$ref").asText()) : child;
        return Optional.of(new TestSchema(all, target));
    }
}
