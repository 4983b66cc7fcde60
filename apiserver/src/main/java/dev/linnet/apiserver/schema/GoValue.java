package dev.linnet.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Prints a bad value as a real API server does: what is not text, number or boolean in Go's own syntax. */
public final class GoValue {
    private final String text;

    private GoValue(String text) {
        this.text = text;
    }

    /** What is Go's syntax already, such as of a struct. */
    public static GoValue verbatim(String syntax) {
        return new GoValue(syntax);
    }

    /** Text stays text, so that it is quoted; everything else prints itself. */
    public static Object of(JsonNode value) {
        return value.isTextual() ? value.textValue() : new GoValue(value.isNull() ? "null" : syntax(value));
    }

    private static String syntax(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> '"' + value.textValue() + '"';
            case NULL, MISSING -> "interface {}(nil)";
            case ARRAY -> {
                List<String> items = new ArrayList<>();
                value.forEach(item -> items.add(syntax(item)));
                yield "[]interface {}{" + String.join(", ", items) + "}";
            }
            case OBJECT -> {
                TreeMap<String, String> fields = new TreeMap<>();
                value.properties().forEach(field -> fields.put(field.getKey(), syntax(field.getValue())));
                List<String> entries = new ArrayList<>();
                fields.forEach((name, field) -> entries.add('"' + name + "\":" + field));
                yield "map[string]interface {}{" + String.join(", ", entries) + "}";
            }
            case NUMBER -> number(value);
            case BOOLEAN, BINARY, POJO -> value.asText();
        };
    }

    /** {@code 3}, {@code 0.5}: a fraction only where there is one. */
    static String number(JsonNode value) {
        return value.isIntegralNumber()
                ? value.asText()
                : value.decimalValue().stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return text;
    }
}
