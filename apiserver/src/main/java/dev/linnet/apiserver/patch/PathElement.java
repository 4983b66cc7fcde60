package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One step of a field path, as FieldsV1 writes it: {@code f:name} a field, {@code k:{"name":"x"}} the element of a list
 * with that key, {@code v:"x"} the element of a set with that value, {@code i:0} an index.
 *
 * @param text canonical: keys sorted, JSON without spaces, so that equal steps have equal texts
 */
record PathElement(String text) implements Comparable<PathElement> {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static PathElement field(String name) {
        return new PathElement("f:" + name);
    }

    static PathElement key(SortedMap<String, JsonNode> values) {
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        key.setAll(values);
        return new PathElement("k:" + key);
    }

    static PathElement value(JsonNode scalar) {
        return new PathElement("v:" + scalar);
    }

    /** @throws IllegalArgumentException unless {@code text} is a step as FieldsV1 writes it */
    static PathElement parse(String text) {
        String content = text.length() < 2 ? "" : text.substring(2);
        if (text.startsWith("f:")) {
            return new PathElement(text);
        }
        if (text.startsWith("k:") && json(content) instanceof ObjectNode key) {
            return key(new TreeMap<>(
                    key.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
        }
        if (text.startsWith("v:")) {
            return value(json(content));
        }
        if (text.startsWith("i:")) {
            return new PathElement("i:" + Integer.parseInt(content));
        }
        throw new IllegalArgumentException("path element is " + text + " (expected: it starts with f:, k:, v: or i:)");
    }

    boolean isField() {
        return text.startsWith("f:");
    }

    /** The name of a field; only where {@link #isField()}. */
    String fieldName() {
        return text.substring(2);
    }

    /** As messages show it: {@code .name}, {@code [name="x"]}, {@code [="x"]}, {@code [0]}. */
    String shown() {
        String content = text.substring(2);
        return switch (text.charAt(0)) {
            case 'f' -> "." + content;
            case 'k' ->
                json(content)
                        .propertyStream()
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining(",", "[", "]"));
            case 'v' -> "[=" + content + "]";
            default -> "[" + content + "]";
        };
    }

    @Override
    public int compareTo(PathElement other) {
        return text.compareTo(other.text);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("path element holds " + text + " (expected: JSON)", e);
        }
    }
}
