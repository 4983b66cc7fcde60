package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.cel.Rules;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.failure.FieldError.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The structural schema of one version of a CustomResourceDefinition. Immutable and safe for use by several threads. A write
 * prunes, fills defaults and validates, in this order.
 */
public final class CustomSchema {
    private final ObjectNode root;
    private final ObjectNode openApi;
    private final Schema schema;
    private final ValueValidation validation = new ValueValidation();
    /** Compiled when the first object is checked: a restart with many definitions pays only for those that are used. */
    private final Lazy<Optional<Rules>> rules;

    private static final Set<Reason> BLOCKING =
            EnumSet.of(Reason.NOT_SUPPORTED, Reason.REQUIRED, Reason.TOO_LONG, Reason.TOO_MANY, Reason.TYPE_INVALID);

    private static final FieldError UNCHECKED = FieldError.invalid(
            "<nil>",
            "null",
            "some validation rules were not checked because the object was invalid; correct the existing errors to complete"
                    + " validation");

    private CustomSchema(SchemaCatalog catalog, ObjectNode root) {
        this.root = root;
        this.openApi = withObjectFields(root);
        this.schema = NodeSchema.of(openApi, catalog.definitions(), true);
        this.rules = new Lazy<>(() -> Rules.anyIn(root) ? Optional.of(Rules.of(root)) : Optional.empty());
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

    /** All that is wrong with a new object. {@code metadata} is validated elsewhere. */
    public List<FieldError> validate(ObjectNode object) {
        List<FieldError> errors = new ArrayList<>(validation.validate(object, root, ""));
        errors.addAll(EmbeddedResources.check(object, root));
        errors.addAll(ListUniqueness.check(object, schema));
        errors.addAll(brokenRules(object, Optional.empty(), errors));
        return errors;
    }

    /**
     * All that is wrong with an object beside what it was before. A part that was as wrong before is let pass, so that a stricter
     * definition does not hold up those who change something else.
     */
    public List<FieldError> validateChange(ObjectNode before, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>(validation.validateChange(before, object, root));
        errors.addAll(EmbeddedResources.check(object, root));
        if (ListUniqueness.check(before, schema).isEmpty()) {
            errors.addAll(ListUniqueness.check(object, schema));
        }
        errors.addAll(brokenRules(object, Optional.of(before), errors));
        return errors;
    }

    /** Rules are about objects of the right types and sizes. */
    private List<FieldError> brokenRules(ObjectNode object, Optional<ObjectNode> before, List<FieldError> errors) {
        Optional<Rules> known = rules.get();
        if (known.isEmpty()) {
            return List.of();
        }
        return errors.stream().map(FieldError::reason).anyMatch(BLOCKING::contains)
                ? List.of(UNCHECKED)
                : known.get().check(object, before);
    }

    /**
     * What is wrong with the rules of a structural schema.
     *
     * @return nothing for a schema that is not structural: its types are not clear
     */
    public static List<FieldError> ruleErrors(ObjectNode openApiV3Schema, String path) {
        return Rules.anyIn(openApiV3Schema)
                        && structuralErrors(openApiV3Schema, path).isEmpty()
                ? Rules.errors(openApiV3Schema, path)
                : List.of();
    }

    /** As it is published: with the fields that all objects have, and references to shared definitions. */
    ObjectNode openApi() {
        return openApi;
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
