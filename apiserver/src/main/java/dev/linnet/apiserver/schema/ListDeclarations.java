package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a schema says how writers share a list in a way that can be kept: {@code x-kubernetes-list-type} and its keys. */
final class ListDeclarations {
    private static final String TYPE = "x-kubernetes-list-type";
    private static final String KEYS = "x-kubernetes-list-map-keys";

    private final JsonNode schema;
    private final JsonNode items;
    private final String path;
    private final List<FieldError> errors = new ArrayList<>();

    private ListDeclarations(JsonNode schema, String path) {
        this.schema = schema;
        this.items = schema.path("items");
        this.path = path;
    }

    /** One schema, not those within it. */
    static List<FieldError> check(JsonNode schema, String path) {
        ListDeclarations declarations = new ListDeclarations(schema, path);
        String type = schema.path(TYPE).asText();
        boolean map = type.equals("map");
        if (!map && !schema.path(KEYS).isEmpty()) {
            String detail = "must be map if x-kubernetes-list-map-keys is non-empty";
            declarations.errors.add(
                    schema.has(TYPE)
                            ? FieldError.invalid(path + "." + TYPE, type, detail)
                            : FieldError.required(path + "." + TYPE, detail));
        }
        if (type.equals("set")) {
            declarations.set();
        }
        if (map) {
            declarations.map();
        }
        if (map || type.equals("set")) {
            declarations.notNullable(type);
        }
        return declarations.errors;
    }

    private void set() {
        String detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
        String own = items.path(TYPE).asText("atomic");
        String type = items.path("type").asText();
        if (type.equals("array") && !own.equals("atomic")) {
            errors.add(FieldError.invalid(path + ".items." + TYPE, own, detail));
        } else if (type.equals("object")
                && !items.path("x-kubernetes-map-type").asText().equals("atomic")) {
            errors.add(FieldError.invalid(path + ".items.x-kubernetes-map-type", "null", detail));
        }
    }

    private void map() {
        if (schema.path(KEYS).isEmpty()) {
            errors.add(FieldError.required(path + "." + KEYS, "must not be empty if x-kubernetes-list-type is map"));
        }
        if (!items.isObject()) {
            errors.add(FieldError.required(path + ".items", "must have a schema if x-kubernetes-list-type is map"));
        } else if (!items.path("type").asText().equals("object")) {
            errors.add(FieldError.invalid(
                    path + ".items.type",
                    items.path("type").asText(),
                    "must be object if parent array's x-kubernetes-list-type is map"));
        } else {
            keys();
        }
    }

    private void keys() {
        Set<String> required = new HashSet<>();
        items.path("required").forEach(name -> required.add(name.asText()));
        Set<String> seen = new HashSet<>();
        for (JsonNode declared : schema.path(KEYS)) {
            String key = declared.asText();
            JsonNode type = items.path("properties").path(key);
            String keyPath = path + ".items.properties[" + key + "]";
            if (type.isMissingNode()) {
                errors.add(FieldError.invalid(
                        path + "." + KEYS, keysAsGo(), "entries must all be names of item properties"));
            } else {
                key(type, keyPath, required.contains(key));
            }
            if (!seen.add(key)) {
                errors.add(FieldError.invalid(path + "." + KEYS, keysAsGo(), "must not contain duplicate entries"));
            }
        }
    }

    private void key(JsonNode type, String keyPath, boolean required) {
        if (Set.of("array", "object").contains(type.path("type").asText())) {
            errors.add(FieldError.invalid(
                    keyPath + ".type",
                    items.path("type").asText(),
                    "must be a scalar type if parent array's x-kubernetes-list-type is map"));
        }
        if (!required && !type.has("default")) {
            errors.add(
                    FieldError.required(
                            keyPath + ".default",
                            "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"));
        }
        if (type.path("nullable").asBoolean()) {
            errors.add(FieldError.forbidden(
                    keyPath + ".nullable", "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"));
        }
    }

    private void notNullable(String type) {
        if (items.path("nullable").asBoolean()) {
            errors.add(FieldError.forbidden(
                    path + ".items.nullable", "cannot be nullable when x-kubernetes-list-type is " + type));
        }
    }

    private GoValue keysAsGo() {
        List<String> keys = new ArrayList<>();
        schema.path(KEYS).forEach(key -> keys.add('"' + key.asText() + '"'));
        return GoValue.verbatim("[]string{" + String.join(", ", keys) + "}");
    }
}
