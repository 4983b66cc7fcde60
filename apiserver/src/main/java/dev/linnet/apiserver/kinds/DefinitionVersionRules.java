package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.schema.CustomSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** One version of a CustomResourceDefinition: its schema, subresources, columns and selectable fields. */
final class DefinitionVersionRules {
    private static final String COLUMN_TYPES = "boolean,date,integer,number,string";
    private static final String COLUMN_FORMATS = "byte,date,date-time,double,float,int32,int64,password";
    private static final int WARNING_MAX = 256;
    private static final int SELECTABLE_MAX = 8;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** What a schema may say at its root if the status is written on its own; it is checked alone, then. */
    private static final Set<String> AT_ROOT = Set.of(
            "description",
            "type",
            "format",
            "title",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "multipleOf",
            "required",
            "items",
            "properties",
            "externalDocs",
            "example",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-validations");

    private DefinitionVersionRules() {}

    static void check(Field version, Violations violations) {
        checkWarning(version, violations);
        checkSchema(version, violations);
        checkScale(version.at("subresources", "scale"), violations);
        version.at("additionalPrinterColumns").items().forEach(column -> checkColumn(column, violations));
        checkSelectable(version, violations);
    }

    /** Compiles its rules; nothing for a schema that is not structural. Whether nothing is wrong with them. */
    static boolean rulesAreSound(Field version, Violations violations) {
        Field schema = version.at("schema", "openAPIV3Schema");
        List<FieldError> errors = schema.value() instanceof ObjectNode openApi
                ? CustomSchema.ruleErrors(openApi, schema.path())
                : List.of();
        errors.forEach(violations::add);
        return errors.isEmpty();
    }

    private static void checkWarning(Field version, Violations violations) {
        Field warning = version.at("deprecationWarning");
        if (!warning.isSet()) {
            return;
        }
        if (!version.at("deprecated").isTrue()) {
            violations.invalid(warning, "can only be set for deprecated versions");
        } else if (warning.text().isEmpty()) {
            violations.invalid(warning, "must not be an empty string");
        } else if (warning.text().length() > WARNING_MAX) {
            violations.invalid(warning, "must be <= 256 characters long");
        } else if (CONTROL.matcher(warning.text()).find()) {
            violations.invalid(warning, "must only contain printable UTF-8 characters");
        }
    }

    private static void checkSchema(Field version, Violations violations) {
        Field schema = version.at("schema", "openAPIV3Schema");
        if (!(schema.value() instanceof ObjectNode openApi)) {
            violations.required(schema, "schemas are required");
            return;
        }
        if (version.at("subresources", "status").isSet()) {
            for (String name : Json.names(openApi)) {
                if (!AT_ROOT.contains(name) && !openApi.path(name).isNull()) {
                    violations.forbidden(
                            schema.at(name),
                            "not allowed at the root of the schema if the status subresource is enabled");
                }
            }
        }
        if (schema.at("nullable").isTrue()) {
            violations.forbidden(schema.at("nullable"), "nullable cannot be true at the root");
        }
        CustomSchema.structuralErrors(openApi, schema.path()).forEach(violations::add);
    }

    private static void checkScale(Field scale, Violations violations) {
        if (!scale.isSet()) {
            return;
        }
        checkScalePath(scale.at("specReplicasPath"), ".spec.", violations);
        checkScalePath(scale.at("statusReplicasPath"), ".status.", violations);
        Field selector = scale.at("labelSelectorPath");
        if (!selector.isZero()
                && !selector.text().startsWith(".spec.")
                && !selector.text().startsWith(".status.")) {
            violations.invalid(selector, "should be a json path under either .spec or .status");
        }
    }

    private static void checkScalePath(Field path, String prefix, Violations violations) {
        if (path.isZero()) {
            violations.required(path);
        } else if (!path.text().startsWith(".")) {
            violations.invalid(path, "must be a simple json path starting with .");
        } else if (!path.text().startsWith(prefix)) {
            violations.invalid(path, "should be a json path under " + prefix.substring(0, prefix.length() - 1));
        }
    }

    private static void checkColumn(Field column, Violations violations) {
        if (column.at("name").isZero()) {
            violations.required(column.at("name"));
        }
        Field type = column.at("type");
        if (type.isZero()) {
            violations.required(type, "must be one of " + COLUMN_TYPES);
        } else if (!List.of(COLUMN_TYPES.split(",", -1)).contains(type.text())) {
            violations.invalid(type, "must be one of " + COLUMN_TYPES);
        }
        Field format = column.at("format");
        if (!format.isZero() && !List.of(COLUMN_FORMATS.split(",", -1)).contains(format.text())) {
            violations.invalid(format, "must be one of " + COLUMN_FORMATS);
        }
        // Messages name it as it was called in v1beta1.
        Field path =
                new Field(column.at("jsonPath").value(), column.at("JSONPath").path());
        if (path.isZero()) {
            violations.required(path);
        } else if (!path.text().startsWith(".")) {
            violations.invalid(path, "must be a simple json path starting with .");
        }
    }

    private static void checkSelectable(Field version, Violations violations) {
        Set<Object> seen = new HashSet<>();
        for (Field selectable : version.at("selectableFields").items()) {
            Field path = selectable.at("jsonPath");
            if (path.isZero()) {
                violations.required(path);
                continue;
            }
            checkSelectablePath(path, version.value().at("/schema/openAPIV3Schema"), violations);
            violations.unique(path, path.text(), seen);
        }
        violations.atMost(version.at("selectableFields"), SELECTABLE_MAX);
    }

    private static void checkSelectablePath(Field path, JsonNode schema, Violations violations) {
        JsonNode type = schema;
        for (String name :
                path.text().substring(Math.min(1, path.text().length())).split("\\.", -1)) {
            type = type.path("properties").path(name);
        }
        if (type.isMissingNode() || !path.text().startsWith(".")) {
            violations.invalid(path, "is an invalid path: does not refer to a valid field");
        } else if (path.text().startsWith(".metadata.")) {
            violations.invalid(path, "must not point to fields in metadata");
        } else if (!List.of("string", "boolean", "integer").contains(Json.text(type, "type"))) {
            violations.invalid(
                    path,
                    "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are"
                            + " allowed.");
        }
    }
}
