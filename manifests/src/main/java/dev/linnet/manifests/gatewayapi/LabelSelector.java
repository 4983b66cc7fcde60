package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** A selector of labels, as Kubernetes spells it: {@code matchLabels} and {@code matchExpressions}, all of which must hold. */
public record LabelSelector(JsonNode node) {

    public boolean takes(Map<String, String> labels) {
        return node.path("matchLabels").properties().stream()
                        .allMatch(label -> label.getValue().asText().equals(labels.get(label.getKey())))
                && node.path("matchExpressions").valueStream().allMatch(expression -> holds(expression, labels));
    }

    /** One that nobody knows takes nothing. */
    private static boolean holds(JsonNode expression, Map<String, String> labels) {
        String key = expression.path("key").asText();
        return switch (expression.path("operator").asText()) {
            case "In" -> isIn(expression, labels, key);
            case "NotIn" -> !isIn(expression, labels, key);
            case "Exists" -> labels.containsKey(key);
            case "DoesNotExist" -> !labels.containsKey(key);
            default -> false;
        };
    }

    private static boolean isIn(JsonNode expression, Map<String, String> labels, String key) {
        return expression
                .path("values")
                .valueStream()
                .anyMatch(value -> value.asText().equals(labels.get(key)));
    }
}
