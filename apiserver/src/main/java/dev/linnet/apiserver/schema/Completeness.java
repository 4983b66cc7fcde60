package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;

/** Whether all that {@code allOf}, {@code anyOf}, {@code oneOf} and {@code not} of a schema restrict is a field that the schema has. */
final class Completeness {
    private final List<FieldError> errors = new ArrayList<>();

    private Completeness() {}

    static List<FieldError> check(JsonNode schema, String path) {
        Completeness completeness = new Completeness();
        completeness.junctors(schema, schema, path, path);
        return completeness.errors;
    }

    /**
     * @param said   restricts values
     * @param schema says what they are
     */
    private void junctors(JsonNode said, JsonNode schema, String schemaPath, String saidPath) {
        if (said.has("not")) {
            restriction(said.path("not"), schema, schemaPath, saidPath + ".not");
        }
        for (String junctor : List.of("allOf", "anyOf", "oneOf")) {
            for (int index = 0; index < said.path(junctor).size(); index++) {
                restriction(
                        said.path(junctor).get(index),
                        schema,
                        schemaPath,
                        saidPath + "." + junctor + "[" + index + "]");
            }
        }
    }

    private void restriction(JsonNode said, JsonNode schema, String schemaPath, String saidPath) {
        if (!schema.isObject()) {
            errors.add(FieldError.required(schemaPath, "because it is defined in " + saidPath));
            return;
        }
        junctors(said, schema, schemaPath, saidPath);
        if (said.path("items").isObject()) {
            restriction(said.path("items"), schema.path("items"), schemaPath + ".items", saidPath + ".items");
        }
        said.path("properties").properties().forEach(property -> {
            String step = ".properties[" + property.getKey() + "]";
            restriction(
                    property.getValue(),
                    schema.path("properties").path(property.getKey()),
                    schemaPath + step,
                    saidPath + step);
        });
    }
}
