package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;

/**
 * The structural schema of one version of a CustomResourceDefinition. Immutable and safe for use by several threads. A write
 * prunes, fills defaults and validates, in this order.
 */
public final class CustomSchema {
    private final ObjectNode root;
    private final ObjectNode openApi;
    private final Schema schema;
    private final ValueValidation validation = new ValueValidation();

    private CustomSchema(SchemaCatalog catalog, ObjectNode root) {
        this.root = root;
        this.openApi = withObjectFields(root);
        this.schema = NodeSchema.of(openApi, catalog.definitions(), true);
    }

    /** @param openApiV3Schema {@code spec.versions[].schema.openAPIV3Schema}, which {@link #structuralErrors} accepts; copied */
    public static CustomSchema of(SchemaCatalog catalog, ObjectNode openApiV3Schema) {
        return new CustomSchema(catalog, openApiV3Schema.deepCopy());
    }

    /** What a CRD's author must mend before its objects can be stored; empty for a structural schema. */
    public static List<FieldError> structuralErrors(ObjectNode openApiV3Schema, String path) {
        return StructuralCheck.check(openApiV3Schema, path);
    }

    /** The type of whole objects, with {@code apiVersion}, {@code kind} and {@code metadata}. */
    public Schema schema() {
        return schema;
    }

    /**
     * Removes the fields that the schema does not have.
     *
     * @return the removed fields in the words of {@link StrictDecoding#unknownFields}
     */
    public List<String> prune(ObjectNode object) {
        return StrictDecoding.dropUnknownFields(object, schema);
    }

    /** Fills what is missing and has a default; removes nulls that are not allowed and have none. */
    public void applyDefaults(ObjectNode object) {
        StructuralDefaults.apply(object, root);
    }

    /** All that is wrong with an object. {@code metadata} is validated elsewhere; {@link #ignoredRules} are not checked. */
    public List<FieldError> validate(ObjectNode object) {
        List<FieldError> errors = new ArrayList<>(EmbeddedResources.check(object, root));
        errors.addAll(validation.validate(object, root, ""));
        errors.addAll(ListUniqueness.check(object, schema));
        return errors;
    }

    /** CEL rules ({@code x-kubernetes-validations}), which are not evaluated: {@code spec: self.min <= self.max}. */
    public List<String> ignoredRules() {
        List<String> rules = new ArrayList<>();
        collectRules(root, "", rules);
        return rules;
    }

    /** As it is published: with the fields that all objects have, and references to shared definitions. */
    ObjectNode openApi() {
        return openApi;
    }

    private static void collectRules(JsonNode schema, String path, List<String> rules) {
        schema.path("x-kubernetes-validations")
                .forEach(rule -> rules.add(
                        (path.isEmpty() ? "" : path + ": ") + rule.path("rule").asText()));
        schema.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            collectRules(property.getValue(), path.isEmpty() ? name : path + "." + name, rules);
        });
        if (schema.path("items").isObject()) {
            collectRules(schema.path("items"), path + "[*]", rules);
        }
        if (schema.path("additionalProperties").isObject()) {
            collectRules(schema.path("additionalProperties"), path + ".*", rules);
        }
    }

    private static ObjectNode withObjectFields(ObjectNode root) {
        ObjectNode copy = root.deepCopy();
        // A schema may be nothing but x-kubernetes-preserve-unknown-fields.
        copy.put("type", "object");
        addObjectFields(copy);
        addToEmbedded(copy);
        return copy;
    }

    private static void addToEmbedded(JsonNode schema) {
        for (JsonNode child : schema) {
            if (child instanceof ObjectNode type
                    && type.path(EmbeddedResources.EMBEDDED).asBoolean()) {
                addObjectFields(type);
            }
            addToEmbedded(child);
        }
    }

    private static void addObjectFields(ObjectNode type) {
        ObjectNode properties = type.withObject("properties");
        if (!properties.has("apiVersion")) {
            properties
                    .putObject("apiVersion")
                    .put("description", "The group and version of the kind: GROUP/VERSION.")
                    .put("type", "string");
        }
        if (!properties.has("kind")) {
            properties
                    .putObject("kind")
                    .put("description", "The kind of this object, in CamelCase.")
                    .put("type", "string");
        }
        ObjectNode reference = JsonNodeFactory.instance
                .objectNode()
                .put("$ref", Definitions.REFERENCE + Definitions.META + "ObjectMeta");
        ObjectNode metadata = properties.putObject("metadata");
        metadata.put("description", "Standard object's metadata.")
                .putArray("allOf")
                .add(reference);
    }
}
