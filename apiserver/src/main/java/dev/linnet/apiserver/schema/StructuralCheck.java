package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.cel.RuleDeclarations;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether a CRD's schema is structural: every field's type is said once, outside of {@code allOf}, {@code anyOf}, {@code oneOf}
 * and {@code not}, so that pruning and defaulting are unambiguous. See "Specifying a structural schema" in the Kubernetes
 * documentation.
 */
final class StructuralCheck {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");

    private static final List<String> UNSUPPORTED =
            List.of("$ref", "additionalItems", "definitions", "dependencies", "id", "patternProperties");

    private final List<FieldError> errors = new ArrayList<>();

    /** What the schema describes; decides how a missing type is worded. */
    private enum Level {
        ROOT("must not be empty at the root"),
        ITEM("must not be empty for specified array items"),
        FIELD("must not be empty for specified object fields");

        private final String missingType;

        Level(String missingType) {
            this.missingType = missingType;
        }
    }

    private StructuralCheck() {}

    static List<FieldError> check(ObjectNode schema, String path) {
        StructuralCheck check = new StructuralCheck();
        check.visit(schema, path, Level.ROOT);
        check.errors.addAll(Completeness.check(schema, path));
        JsonNode properties = schema.path("properties");
        if (properties.has("metadata")) {
            check.rootMetadata(properties.path("metadata"), path + ".properties[metadata]");
        }
        for (String name : List.of("apiVersion", "kind", "metadata")) {
            if (properties.path(name).has("default")) {
                check.errors.add(FieldError.forbidden(
                        path + ".properties[" + name + "].default", "must not be set in top-level " + name));
            }
        }
        return check.errors;
    }

    private void visit(JsonNode schema, String path, Level level) {
        unsupported(schema, path);
        type(schema, path, level);
        extensions(schema, path);
        JunctorCheck.check(schema, path, errors);
        errors.addAll(RuleDeclarations.check(schema, path));
        errors.addAll(DefaultDeclarations.check(schema, path));
        schema.path("properties")
                .properties()
                .forEach(property ->
                        visit(property.getValue(), path + ".properties[" + property.getKey() + "]", Level.FIELD));
        if (schema.path("items").isObject()) {
            visit(schema.path("items"), path + ".items", Level.ITEM);
        } else if (schema.path("type").asText().equals("array")) {
            errors.add(FieldError.required(path + ".items", "must be specified"));
        }
        values(schema, path, level);
    }

    private void unsupported(JsonNode schema, String path) {
        for (String name : UNSUPPORTED) {
            if (schema.has(name)) {
                errors.add(FieldError.forbidden(path + "." + name, name + " is not supported"));
            }
        }
        if (schema.path("items").isArray()) {
            errors.add(FieldError.forbidden(path + ".items", "items must be a schema object and not an array"));
        }
        if (schema.path("uniqueItems").asBoolean()) {
            errors.add(FieldError.forbidden(
                    path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        }
        String pattern = schema.path("pattern").asText();
        if (ScalarChecks.compile(pattern).isEmpty()) {
            errors.add(FieldError.invalid(path + ".pattern", pattern, "must be a valid regular expression, but isn't"));
        }
    }

    private void type(JsonNode schema, String path, Level level) {
        String type = schema.path("type").asText();
        boolean intOrString = schema.path("x-kubernetes-int-or-string").asBoolean();
        boolean preserves = schema.path(Shape.PRESERVE).asBoolean();
        if (schema.path(EmbeddedResources.EMBEDDED).asBoolean()) {
            embedded(schema, path, type, preserves);
        } else if (type.isEmpty() && !intOrString && !preserves) {
            errors.add(FieldError.required(path + ".type", level.missingType));
        }
        if (!type.isEmpty() && !TYPES.contains(type)) {
            errors.add(FieldError.notSupported(path + ".type", type, TYPES));
        } else if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
            errors.add(FieldError.invalid(path + ".type", type, "must be object at the root"));
        }
        if (level == Level.ROOT || schema.path(EmbeddedResources.EMBEDDED).asBoolean()) {
            textual(schema, path);
        }
        if (intOrString && schema.path(EmbeddedResources.EMBEDDED).asBoolean()) {
            errors.add(FieldError.invalid(
                    path + "." + EmbeddedResources.EMBEDDED,
                    true,
                    "must be false if x-kubernetes-int-or-string is true"));
        }
        if (intOrString && preserves) {
            errors.add(FieldError.invalid(
                    path + "." + Shape.PRESERVE, true, "must be false if x-kubernetes-int-or-string is true"));
        }
    }

    private void textual(JsonNode schema, String path) {
        for (String name : List.of("apiVersion", "kind")) {
            JsonNode property = schema.path("properties").path(name);
            if (property.isObject() && !property.path("type").asText().equals("string")) {
                errors.add(FieldError.invalid(
                        path + ".properties[" + name + "].type",
                        property.path("type").asText(),
                        "must be string"));
            }
        }
    }

    private void embedded(JsonNode schema, String path, String type, boolean preserves) {
        String mustBeObject = "must be object if x-kubernetes-embedded-resource is true";
        if (type.isEmpty()) {
            errors.add(FieldError.required(path + ".type", mustBeObject));
        } else if (!type.equals("object")) {
            errors.add(FieldError.invalid(path + ".type", type, mustBeObject));
        }
        if (schema.has("additionalProperties")) {
            errors.add(FieldError.forbidden(
                    path + ".additionalProperties", "must not be used if x-kubernetes-embedded-resource is set"));
        }
        if (!preserves && schema.path("properties").isEmpty()) {
            errors.add(
                    FieldError.required(
                            path + ".properties",
                            "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"));
        }
    }

    private void extensions(JsonNode schema, String path) {
        JsonNode preserves = schema.path(Shape.PRESERVE);
        if (preserves.isBoolean() && !preserves.booleanValue()) {
            errors.add(FieldError.invalid(path + "." + Shape.PRESERVE, false, "must be true or undefined"));
        }
        choice(schema, path, "x-kubernetes-map-type", "object", List.of("atomic", "granular"));
        choice(schema, path, "x-kubernetes-list-type", "array", List.of("atomic", "set", "map"));
        errors.addAll(ListDeclarations.check(schema, path));
    }

    private void choice(JsonNode schema, String path, String extension, String type, List<String> allowed) {
        if (!schema.has(extension)) {
            return;
        }
        String actual = schema.path("type").asText();
        String detail = "must be " + type + " if " + extension + " is specified";
        if (actual.isEmpty()) {
            errors.add(FieldError.required(path + ".type", detail));
        } else if (!actual.equals(type)) {
            errors.add(FieldError.invalid(path + ".type", actual, detail));
        }
        String value = schema.path(extension).asText();
        if (!allowed.contains(value)) {
            errors.add(FieldError.notSupported(path + "." + extension, value, allowed));
        }
    }

    private void values(JsonNode schema, String path, Level level) {
        JsonNode values = schema.path("additionalProperties");
        if (values.isMissingNode()) {
            return;
        }
        String valuesPath = path + ".additionalProperties";
        if (level == Level.ROOT) {
            errors.add(FieldError.forbidden(valuesPath, "must not be used at the root"));
        }
        boolean any = values.isBoolean() && values.booleanValue();
        if (!schema.path("properties").isEmpty() && !any) {
            errors.add(FieldError.forbidden(valuesPath, "additionalProperties and properties are mutual exclusive"));
        }
        if (values.isObject()) {
            visit(values, valuesPath, Level.FIELD);
        }
    }

    private void rootMetadata(JsonNode metadata, String path) {
        boolean onlyNames = Set.of("name", "generateName").containsAll(names(metadata.path("properties")));
        if (!onlyNames || !Set.of("type", "description", "properties").containsAll(names(metadata))) {
            errors.add(
                    FieldError.forbidden(
                            path,
                            "must not specify anything other than name and generateName, but metadata is implicitly specified"));
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
