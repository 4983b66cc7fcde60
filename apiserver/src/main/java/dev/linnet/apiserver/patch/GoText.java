package dev.linnet.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON values as Go's {@code %v} prints them. Error messages that people search for contain them. */
final class GoText {
    private GoText() {}

    static String of(JsonNode value) {
        if (value.isObject()) {
            return value.propertyStream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(field -> field.getKey() + ":" + of(field.getValue()))
                    .collect(Collectors.joining(" ", "map[", "]"));
        }
        if (value.isArray()) {
            return value.valueStream().map(GoText::of).collect(Collectors.joining(" ", "[", "]"));
        }
        return value.isNull() ? "<nil>" : value.asText();
    }
}
