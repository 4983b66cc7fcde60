package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.linnet.apiserver.failure.FieldError;
import dev.linnet.apiserver.failure.FieldError.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The checks of a schema that look at one value and not inside it. */
final class ScalarChecks {
    private final Map<String, Optional<Pattern>> patterns = new ConcurrentHashMap<>();

    Optional<FieldError> type(JsonNode value, JsonNode schema, String path) {
        Set<String> types = ValueValidation.types(schema);
        if (types.isEmpty() || (value.isNull() && schema.path("nullable").asBoolean())) {
            return Optional.empty();
        }
        String actual = typeOf(value);
        boolean wholeNumber = actual.equals("number") && types.contains("integer") && isWhole(value);
        boolean anyNumber = actual.equals("integer") && types.contains("number");
        if (types.contains(actual) || wholeNumber || anyNumber) {
            return Optional.empty();
        }
        return Optional.of(typeInvalid(path, String.join(",", types), actual));
    }

    Optional<FieldError> string(JsonNode value, JsonNode schema, String path) {
        if (!value.isTextual()) {
            return Optional.empty();
        }
        String text = value.textValue();
        int length = text.codePointCount(0, text.length());
        if (schema.has("maxLength") && length > schema.path("maxLength").asInt()) {
            String limit =
                    "Too long: may not be more than " + schema.path("maxLength").asInt() + " bytes";
            return Optional.of(new FieldError(Reason.TOO_LONG, path, limit));
        }
        if (length < schema.path("minLength").asInt(0)) {
            String limit =
                    " in body should be at least " + schema.path("minLength").asInt() + " chars long";
            return Optional.of(FieldError.invalid(path, text, path + limit));
        }
        String pattern = schema.path("pattern").asText();
        if (pattern.isEmpty()
                || compiled(pattern).map(regex -> regex.matcher(text).find()).orElse(false)) {
            return Optional.empty();
        }
        return Optional.of(FieldError.invalid(path, text, path + " in body should match '" + pattern + "'"));
    }

    Optional<FieldError> format(JsonNode value, JsonNode schema, String path) {
        String format = schema.path("format").asText();
        if (!value.isTextual() || format.isEmpty()) {
            return Optional.empty();
        }
        return StringFormats.named(format)
                .filter(fits -> !fits.test(value.textValue()))
                .map(_ -> typeInvalid(path, format, value.textValue()));
    }

    List<FieldError> number(JsonNode value, JsonNode schema, String path) {
        List<FieldError> errors = new ArrayList<>();
        if (!value.isNumber()) {
            return errors;
        }
        BigDecimal number = value.decimalValue();
        if (schema.has("multipleOf")
                && !isMultiple(number, schema.path("multipleOf").decimalValue())) {
            errors.add(outOfRange(value, path, "a multiple of", schema.path("multipleOf")));
        }
        if (schema.has("maximum")) {
            boolean exclusive = schema.path("exclusiveMaximum").asBoolean();
            int order = number.compareTo(schema.path("maximum").decimalValue());
            if (order > 0 || (exclusive && order == 0)) {
                errors.add(outOfRange(
                        value, path, exclusive ? "less than" : "less than or equal to", schema.path("maximum")));
            }
        }
        if (schema.has("minimum")) {
            boolean exclusive = schema.path("exclusiveMinimum").asBoolean();
            int order = number.compareTo(schema.path("minimum").decimalValue());
            if (order < 0 || (exclusive && order == 0)) {
                errors.add(outOfRange(
                        value, path, exclusive ? "greater than" : "greater than or equal to", schema.path("minimum")));
            }
        }
        return errors;
    }

    Optional<FieldError> enumeration(JsonNode value, JsonNode schema, String path) {
        JsonNode allowed = schema.path("enum");
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (JsonNode candidate : allowed) {
            if (isEqual(value, candidate)) {
                return Optional.empty();
            }
            names.add(candidate.isTextual() ? candidate.textValue() : candidate.toString());
        }
        return Optional.of(FieldError.notSupported(path, GoValue.of(value), names));
    }

    static FieldError typeInvalid(String path, String expected, String actual) {
        String detail = path + " in body must be of type " + expected + ": \"" + actual + "\"";
        return new FieldError(Reason.TYPE_INVALID, path, "Invalid value: \"" + actual + "\": " + detail);
    }

    private static FieldError outOfRange(JsonNode value, String path, String relation, JsonNode limit) {
        String detail = path + " in body should be " + relation + " " + GoValue.number(limit);
        return FieldError.invalid(path, GoValue.of(value), detail);
    }

    private Optional<Pattern> compiled(String pattern) {
        return patterns.computeIfAbsent(pattern, ScalarChecks::compile);
    }

    static Optional<Pattern> compile(String pattern) {
        try {
            return Optional.of(Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    /** 1 and 1.0 are the same number, whichever node holds them. */
    private static boolean isEqual(JsonNode value, JsonNode candidate) {
        if (value.isNumber() && candidate.isNumber()) {
            return value.decimalValue().compareTo(candidate.decimalValue()) == 0;
        }
        return value.equals(candidate);
    }

    private static boolean isMultiple(BigDecimal number, BigDecimal factor) {
        return factor.signum() > 0 && number.remainder(factor).signum() == 0;
    }

    private static boolean isWhole(JsonNode value) {
        return value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NULL, MISSING -> "null";
        };
    }
}
