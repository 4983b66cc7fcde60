package dev.linnet.numbers;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/**
 * JSON that gateways write. Unknown fields are left out, so that gateways of different versions can be read; what is missing, null or of
 * another shape is an {@link IllegalArgumentException}, whoever wrote it in the place of a gateway.
 */
final class GatewayJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .build();

    private GatewayJson() {}

    static String write(Map<String, ?> fields) {
        try {
            return MAPPER.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T read(String json, Function<JsonNode, T> reading) {
        try {
            return reading.apply(MAPPER.readTree(json));
        } catch (JsonProcessingException | DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static String text(JsonNode of, String name) {
        JsonNode field = field(of, name);
        if (!field.isTextual()) {
            throw new IllegalArgumentException(name + " is " + field + " (expected: a text)");
        }
        return field.textValue();
    }

    static Instant instant(JsonNode of, String name) {
        return Instant.parse(text(of, name));
    }

    static <T> T value(JsonNode of, String name, TypeReference<T> type) {
        return MAPPER.convertValue(field(of, name), type);
    }

    static JsonNode field(JsonNode of, String name) {
        JsonNode field = of.path(name);
        if (field.isMissingNode() || field.isNull()) {
            throw new IllegalArgumentException(name + " is missing (expected: as gateways write it)");
        }
        return field;
    }
}
