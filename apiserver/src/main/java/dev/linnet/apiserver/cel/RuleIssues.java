package dev.linnet.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.linnet.apiserver.schema.GoValue;
import java.util.Optional;
import java.util.regex.Pattern;

/** What CEL for Java says of an expression, in the words of CEL for Go, which Kubernetes shows. */
final class RuleIssues {
    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: .*\\)$", Pattern.MULTILINE);
    private static final Pattern SYNTAX = Pattern.compile(
            "(?m)(^ERROR: [^:]*:\\d+:\\d+: )(?=mismatched input|extraneous input|no viable alternative|missing |token recognition)");
    private static final Pattern WHERE = Pattern.compile("^evaluation error(?: at [^:]*:\\d+)?: ");

    private RuleIssues() {}

    static String text(CelValidationException e) {
        String plain = CANDIDATES.matcher(String.valueOf(e.getMessage())).replaceAll("");
        return SYNTAX.matcher(plain).replaceAll("$1Syntax error: ");
    }

    static String text(CelEvaluationException e) {
        String plain = WHERE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        return switch (Optional.ofNullable(e.getErrorCode()).orElse(CelErrorCode.INTERNAL_ERROR)) {
            case DIVIDE_BY_ZERO -> "division by zero";
            case OVERLOAD_NOT_FOUND -> "no such overload";
            case INDEX_OUT_OF_BOUNDS -> plain.replace("Index out of bounds", "index out of bounds");
            case ATTRIBUTE_NOT_FOUND ->
                "no such key: " + plain.replaceFirst("^key '(.*)' is not present in map\\.$", "$1");
            default -> plain;
        };
    }

    /** How a real API server prints a rule that it refuses. */
    static GoValue goSyntax(JsonNode rule) {
        String reason = rule.has("reason")
                ? "(*apiextensions.FieldValueErrorReason)(0xc000000000)"
                : "(*apiextensions.FieldValueErrorReason)(nil)";
        String optional = rule.has("optionalOldSelf") ? "(*bool)(0xc000000000)" : "(*bool)(nil)";
        return GoValue.verbatim("apiextensions.ValidationRule{Rule:" + quoted(rule, "rule") + ", Message:"
                + quoted(rule, "message") + ", MessageExpression:" + quoted(rule, "messageExpression") + ", Reason:"
                + reason + ", FieldPath:" + quoted(rule, "fieldPath") + ", OptionalOldSelf:" + optional + "}");
    }

    private static String quoted(JsonNode rule, String field) {
        return '"'
                + rule.path(field)
                        .asText()
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                + '"';
    }
}
