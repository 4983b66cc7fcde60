package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.failure.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a rule's declaration before it is compiled. Needs nothing of CEL. */
public final class RuleDeclarations {
    private static final String RULES = "x-kubernetes-validations";
    private static final List<String> REASONS =
            List.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

    private final List<FieldError> errors = new ArrayList<>();

    private RuleDeclarations() {}

    /** The rules of one schema, not of those within it. */
    public static List<FieldError> check(JsonNode schema, String path) {
        RuleDeclarations check = new RuleDeclarations();
        JsonNode rules = schema.path(RULES);
        for (int index = 0; index < rules.size(); index++) {
            check.rule(rules.get(index), schema, path + "." + RULES + "[" + index + "]");
        }
        return check.errors;
    }

    private void rule(JsonNode rule, JsonNode schema, String path) {
        texts(rule, path);
        String expression = rule.path("messageExpression").asText();
        if (!expression.isEmpty() && expression.isBlank()) {
            errors.add(FieldError.required(
                    path + ".messageExpression", "messageExpression must be non-empty if specified"));
        }
        String reason = rule.path("reason").asText();
        if (rule.has("reason") && !REASONS.contains(reason)) {
            errors.add(FieldError.notSupported(path + ".reason", reason, REASONS));
        }
        fieldPath(rule.path("fieldPath").asText(), schema, path + ".fieldPath");
    }

    private void texts(JsonNode rule, String path) {
        String source = rule.path("rule").asText();
        String message = rule.path("message").asText();
        if (source.isBlank()) {
            errors.add(FieldError.required(path + ".rule", "rule is not specified"));
        } else if (!message.isEmpty() && message.isBlank()) {
            errors.add(FieldError.invalid(path + ".message", message, "message must be non-empty if specified"));
        } else if (hasBreak(message.strip())) {
            errors.add(FieldError.invalid(path + ".message", message, "message must not contain line breaks"));
        } else if (hasBreak(source.strip()) && message.isBlank()) {
            errors.add(
                    FieldError.required(path + ".message", "message must be specified if rule contains line breaks"));
        }
    }

    private void fieldPath(String fieldPath, JsonNode schema, String path) {
        if (fieldPath.isEmpty()) {
            return;
        }
        if (fieldPath.isBlank()) {
            errors.add(FieldError.invalid(path, fieldPath, "fieldPath must be non-empty if specified"));
        }
        if (hasBreak(fieldPath)) {
            errors.add(FieldError.invalid(path, fieldPath, "fieldPath must not contain line breaks"));
        }
        Optional<String> found = RuleFieldPath.normalised(fieldPath, schema);
        if (found.isEmpty()) {
            errors.add(FieldError.invalid(path, fieldPath, "fieldPath must be a valid path"));
        }
    }

    private static boolean hasBreak(String text) {
        return text.contains("\n") || text.contains("\r");
    }
}
