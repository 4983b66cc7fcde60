package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a type is made of, shared by all places that refer to it. The types within are resolved when they are first asked for,
 * so that types may contain themselves.
 */
final class Shape {
    static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

    private final String name;
    private final ObjectNode node;
    private final Definitions definitions;
    private final boolean structural;

    private final Lazy<Map<String, Schema>> properties = new Lazy<>(this::readProperties);
    private final Lazy<Optional<Schema>> items = new Lazy<>(this::readItems);
    private final Lazy<Optional<Schema>> values = new Lazy<>(this::readValues);

    private Shape(String name, ObjectNode node, Definitions definitions, boolean structural) {
        this.name = name;
        this.node = node;
        this.definitions = definitions;
        this.structural = structural;
    }

    static Shape builtIn(String name, ObjectNode node, Definitions definitions) {
        return new Shape(name, node, definitions, false);
    }

    /** A type written in place; in a structural schema (a CRD's), an object without properties has none. */
    static Shape inline(ObjectNode node, Definitions definitions, boolean structural) {
        return new Shape("", node, definitions, structural);
    }

    String name() {
        return name;
    }

    ObjectNode node() {
        return node;
    }

    Map<String, Schema> properties() {
        return properties.get();
    }

    Optional<Schema> items() {
        return items.get();
    }

    Optional<Schema> values() {
        return values.get();
    }

    private Map<String, Schema> readProperties() {
        Map<String, Schema> found = new LinkedHashMap<>();
        node.path("properties").properties().forEach(entry -> found.put(entry.getKey(), child(entry.getValue())));
        return Collections.unmodifiableMap(found);
    }

    private Optional<Schema> readItems() {
        return node.path("items").isObject() ? Optional.of(child(node.path("items"))) : Optional.empty();
    }

    private Optional<Schema> readValues() {
        JsonNode value = node.path("additionalProperties");
        return value.isObject() || value.asBoolean() ? Optional.of(child(value)) : Optional.empty();
    }

    boolean preservesUnknownFields() {
        if (node.path(PRESERVE).asBoolean()) {
            return true;
        }
        return !structural && isOpaque();
    }

    /** {@code FieldsV1}, {@code RawExtension}, {@code JSON}: nothing is said of what is inside. */
    private boolean isOpaque() {
        String type = node.path("type").asText();
        boolean any = type.isEmpty() && !node.has("oneOf");
        return (any || type.equals("object")) && !node.has("properties") && !node.has("additionalProperties");
    }

    private Schema child(JsonNode site) {
        if (site instanceof ObjectNode schema) {
            return NodeSchema.of(schema, definitions, structural);
        }
        // additionalProperties: true
        ObjectNode anything = JsonNodeFactory.instance.objectNode().put(PRESERVE, true);
        return NodeSchema.of(anything, definitions, structural);
    }
}
