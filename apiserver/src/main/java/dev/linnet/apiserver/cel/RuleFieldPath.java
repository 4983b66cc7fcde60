package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code fieldPath} of a rule: {@code .spec.ports['a.b']}. */
final class RuleFieldPath {
    private static final Pattern STEP =
            Pattern.compile("\\.(?<name>[^.\\[\\]']+)|\\['(?<quoted>(?:[^'\\\\]|\\\\.)*)'\\]");

    private RuleFieldPath() {}

    /** As messages show it, without a leading dot; empty where it leads to no field of the schema. */
    static Optional<String> normalised(String text, JsonNode schema) {
        StringBuilder path = new StringBuilder();
        JsonNode at = schema;
        Matcher step = STEP.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!step.find(end) || step.start() != end) {
                return Optional.empty();
            }
            String name = step.group("name") != null
                    ? step.group("name")
                    : step.group("quoted").replaceAll("\\\\(.)", "$1");
            if (at.path("properties").has(name)) {
                path.append(path.isEmpty() ? "" : ".").append(name);
                at = at.path("properties").path(name);
            } else if (!at.has("properties") && at.path("additionalProperties").isObject()) {
                path.append('[').append(name).append(']');
                at = at.path("additionalProperties");
            } else {
                return Optional.empty();
            }
            end = step.end();
        }
        return Optional.of(path.toString());
    }
}
