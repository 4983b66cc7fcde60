package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.failure.FieldError.Reason;
import dev.linnet.apiserver.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks JSON values against a CRD's schema, with the results and in the words of {@code kube-openapi}'s validator and what
 * {@code apiextensions-apiserver} makes of its errors. All that is wrong is reported, not the first thing only.
 */
final class ValueValidation {
    private final ScalarChecks scalars = new ScalarChecks();

    /**
     * What was found wrong with a value, and how many checks were made. The more checks an alternative of {@code anyOf} or
     * {@code oneOf} came to, the more likely it is the one that the author meant.
     */
    static final class Findings {
        private final List<FieldError> errors = new ArrayList<>();
        private int checks;

        List<FieldError> errors() {
            return errors;
        }

        private boolean valid() {
            return errors.isEmpty();
        }

        private void add(Findings others) {
            errors.addAll(others.errors);
            checks += others.checks;
        }
    }

    /** @param path of the value within the object, {@code spec.replicas}; empty for the object itself */
    List<FieldError> validate(JsonNode value, JsonNode schema, String path) {
        return check(value, schema, path).errors();
    }

    /** As {@link #validate} of a whole object, but for what is as it was before. */
    List<FieldError> validateChange(JsonNode before, JsonNode value, JsonNode schema) {
        return check(value, schema, "", before).errors();
    }

    private Findings check(JsonNode value, JsonNode schema, String path) {
        return check(value, schema, path, MissingNode.getInstance());
    }

    /** @param before the earlier value; missing where there was none, or where it cannot be told which it was */
    private Findings check(JsonNode value, JsonNode schema, String path, JsonNode before) {
        Findings findings = checkAll(value, schema, path, before);
        if (!findings.valid() && Json.same(value, before)) {
            findings.errors.clear();
        }
        return findings;
    }

    private Findings checkAll(JsonNode value, JsonNode schema, String path, JsonNode before) {
        Findings findings = new Findings();
        findings.checks++;
        scalars.type(value, schema, path).ifPresent(findings.errors::add);
        if (!value.isNull()) {
            junctors(value, schema, path, findings);
            scalars.string(value, schema, path).ifPresent(findings.errors::add);
            scalars.format(value, schema, path).ifPresent(findings.errors::add);
            findings.errors.addAll(scalars.number(value, schema, path));
        }
        if (value instanceof ArrayNode array) {
            array(array, schema, path, findings, before);
        }
        scalars.enumeration(value, schema, path).ifPresent(findings.errors::add);
        if (value instanceof ObjectNode object) {
            object(object, schema, path, findings, before);
        }
        return findings;
    }

    private void junctors(JsonNode value, JsonNode schema, String path, Findings findings) {
        anyOf(value, schema.path("anyOf"), path, findings);
        oneOf(value, schema.path("oneOf"), path, findings);
        allOf(value, schema.path("allOf"), path, findings);
        if (schema.has("not") && check(value, schema.path("not"), path).valid()) {
            findings.errors.add(whole('"' + path + "\" must not validate the schema (not)"));
        }
    }

    private void anyOf(JsonNode value, JsonNode alternatives, String path, Findings findings) {
        if (alternatives.isEmpty()) {
            return;
        }
        List<Findings> tried = new ArrayList<>();
        for (JsonNode alternative : alternatives) {
            Findings result = check(value, alternative, path);
            if (result.valid()) {
                findings.checks += result.checks;
                return;
            }
            tried.add(result);
        }
        findings.errors.add(whole('"' + path + "\" must validate at least one schema (anyOf)"));
        findings.add(closest(tried));
    }

    private void oneOf(JsonNode value, JsonNode alternatives, String path, Findings findings) {
        if (alternatives.isEmpty()) {
            return;
        }
        List<Findings> tried = new ArrayList<>();
        alternatives.forEach(alternative -> tried.add(check(value, alternative, path)));
        List<Findings> valid = tried.stream().filter(Findings::valid).toList();
        if (valid.size() == 1) {
            findings.checks += valid.getFirst().checks;
            return;
        }
        String found = valid.isEmpty() ? "none valid" : valid.size() + " valid alternatives";
        findings.errors.add(whole('"' + path + "\" must validate one and only one schema (oneOf). Found " + found));
        if (valid.isEmpty()) {
            findings.add(closest(tried));
        }
    }

    private void allOf(JsonNode value, JsonNode parts, String path, Findings findings) {
        int valid = 0;
        for (JsonNode part : parts) {
            Findings result = check(value, part, path);
            valid += result.valid() ? 1 : 0;
            findings.add(result);
        }
        if (valid < parts.size()) {
            String none = valid == 0 ? ". None validated" : "";
            findings.errors.add(whole('"' + path + "\" must validate all the schemas (allOf)" + none));
        }
    }

    private static Findings closest(List<Findings> tried) {
        Findings closest = tried.getFirst();
        for (Findings candidate : tried) {
            closest = candidate.checks > closest.checks ? candidate : closest;
        }
        return closest;
    }

    /** A real API server does not say which field these belong to. */
    private static FieldError whole(String message) {
        return FieldError.invalid("<nil>", "", message);
    }

    private void array(ArrayNode array, JsonNode schema, String path, Findings findings, JsonNode before) {
        if (schema.path("items").isObject()) {
            for (int index = 0; index < array.size(); index++) {
                JsonNode earlier = KeyedItems.matching(array.get(index), before, schema);
                findings.add(check(array.get(index), schema.path("items"), path + "[" + index + "]", earlier));
            }
        }
        int size = array.size();
        int least = schema.path("minItems").asInt(0);
        if (size < least) {
            findings.errors.add(
                    FieldError.invalid(path, size, path + " in body should have at least " + least + " items"));
        }
        tooMany(size, schema.path("maxItems"), path, findings);
        if (schema.path("uniqueItems").asBoolean() && new HashSet<>(items(array)).size() < size) {
            findings.errors.add(FieldError.invalid(path, "", path + " in body shouldn't contain duplicates"));
        }
    }

    private static List<JsonNode> items(ArrayNode array) {
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items;
    }

    private void object(ObjectNode object, JsonNode schema, String path, Findings findings, JsonNode before) {
        int size = object.size();
        int least = schema.path("minProperties").asInt(0);
        if (size < least) {
            findings.errors.add(
                    FieldError.invalid(path, size, path + " in body should have at least " + least + " properties"));
        }
        tooMany(size, schema.path("maxProperties"), path, findings);
        JsonNode properties = schema.path("properties");
        JsonNode values = schema.path("additionalProperties");
        object.properties().forEach(field -> {
            String fieldPath = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (properties.has(field.getKey())) {
                findings.add(check(
                        field.getValue(), properties.path(field.getKey()), fieldPath, before.path(field.getKey())));
            } else if (values.isObject()) {
                findings.add(check(field.getValue(), values, fieldPath, before.path(field.getKey())));
            } else if (values.isBoolean() && !values.booleanValue()) {
                findings.errors.add(
                        FieldError.invalid(path, field.getKey(), fieldPath + " in body is a forbidden property"));
            }
        });
        for (JsonNode required : schema.path("required")) {
            if (!object.has(required.asText())) {
                String name = required.asText();
                findings.errors.add(FieldError.required(path.isEmpty() ? name : path + "." + name, ""));
            }
        }
    }

    private static void tooMany(int size, JsonNode limit, String path, Findings findings) {
        if (limit.isNumber() && size > limit.asInt()) {
            String text = "Too many: " + size + ": must have at most " + limit.asInt() + " items";
            findings.errors.add(new FieldError(Reason.TOO_MANY, path, text));
        }
    }

    /** Types that a schema allows; empty for any. */
    static Set<String> types(JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return new LinkedHashSet<>(List.of("integer", "string"));
        }
        String type = schema.path("type").asText();
        return type.isEmpty() ? Set.of() : Set.of(type);
    }
}
