package dev.linnet.manifests;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.Collection;

/** A field whose value is not of the type that the API wants, in words for the author. */
record Mismatch(String pointer, JsonMappingException cause) {

    static Mismatch of(JsonMappingException e) {
        StringBuilder pointer = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            String name = step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName();
            pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        }
        return new Mismatch(pointer.toString(), e);
    }

    String describe(JsonNode object) {
        String field = pointer.replaceFirst("^/", "")
                .replace('/', '.')
                .replace("~1", "/")
                .replace("~0", "~");
        if (!(cause instanceof MismatchedInputException mismatch)) {
            return field + " cannot be understood: " + cause.getOriginalMessage();
        }
        JsonNode value = object.at(pointer);
        return field + " is " + shown(value) + " (expected: " + expected(mismatch.getTargetType(), value) + ")";
    }

    private static String shown(JsonNode value) {
        if (value.isObject()) {
            return "a mapping";
        }
        return value.isArray() ? "a list" : value.toString();
    }

    private static String expected(Class<?> type, JsonNode value) {
        if (type.equals(String.class)) {
            return value.isValueNode() ? "\"" + value.asText() + "\" in quotes" : "text";
        }
        if (type.equals(Integer.class) || type.equals(Long.class)) {
            return "a whole number without quotes";
        }
        if (type.equals(Boolean.class)) {
            return "true or false without quotes";
        }
        return Collection.class.isAssignableFrom(type) ? "a list" : "a mapping";
    }
}
