package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A schema over OpenAPI JSON: the place where a type is used, and the type. What the place says about sharing wins over what
 * the type says, as {@code PersistentVolume.spec.claimRef} is granular although an ObjectReference is atomic.
 */
final class NodeSchema implements Schema {
    private final ObjectNode site;
    private final Shape shape;

    private NodeSchema(ObjectNode site, Shape shape) {
        this.site = site;
        this.shape = shape;
    }

    static NodeSchema of(ObjectNode site, Definitions definitions, boolean structural) {
        String reference = reference(site);
        Shape shape = reference.isEmpty()
                ? Shape.inline(site, definitions, structural)
                : definitions.shape(reference.substring(Definitions.REFERENCE.length()));
        return new NodeSchema(site, shape);
    }

    static NodeSchema of(Shape shape) {
        return new NodeSchema(shape.node(), shape);
    }

    /** A reference stands alone, or alone in {@code allOf} where something is said beside it. */
    private static String reference(ObjectNode site) {
        if (site.has("$ref")) {
            return site.path("$ref").asText();
        }
        return site.path("allOf").path(0).path("$ref").asText();
    }

    @Override
    public String type() {
        return shape.node().path("type").asText();
    }

    @Override
    public Optional<Schema> property(String name) {
        return Optional.ofNullable(shape.properties().get(name));
    }

    @Override
    public Set<String> properties() {
        return shape.properties().keySet();
    }

    @Override
    public Optional<Schema> items() {
        return shape.items();
    }

    @Override
    public Optional<Schema> values() {
        return shape.values();
    }

    @Override
    public boolean preservesUnknownFields() {
        return shape.preservesUnknownFields();
    }

    @Override
    public ListType listType() {
        return switch (said("x-kubernetes-list-type").asText()) {
            case "set" -> ListType.SET;
            case "map" -> ListType.MAP;
            default -> ListType.ATOMIC;
        };
    }

    @Override
    public List<String> listMapKeys() {
        List<String> keys = new ArrayList<>();
        said("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        return keys;
    }

    @Override
    public boolean atomicMap() {
        return said("x-kubernetes-map-type").asText().equals("atomic");
    }

    @Override
    public Set<String> patchStrategies() {
        String strategies = said("x-kubernetes-patch-strategy").asText();
        return strategies.isEmpty() ? Set.of() : Set.of(strategies.split(",", -1));
    }

    @Override
    public Optional<String> patchMergeKey() {
        return Optional.of(said("x-kubernetes-patch-merge-key").asText()).filter(key -> !key.isEmpty());
    }

    @Override
    public Optional<String> defaultJson() {
        JsonNode value = said("default");
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.toString());
    }

    @Override
    public String definition() {
        return shape.name();
    }

    @Override
    public String format() {
        return shape.node().path("format").asText();
    }

    private JsonNode said(String extension) {
        JsonNode here = site.path(extension);
        return here.isMissingNode() ? shape.node().path(extension) : here;
    }

    @Override
    public String toString() {
        return shape.name().isEmpty() ? site.toString() : shape.name();
    }
}
