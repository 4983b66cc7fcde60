package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Label selectors as objects carry them: {@code matchLabels} and {@code matchExpressions}. */
public final class LabelSelectors {
    private static final List<String> OPERATORS = List.of("Exists", "DoesNotExist", "In", "NotIn");

    private LabelSelectors() {}

    private record Term(String key, String text) {}

    /**
     * A selector in the form of the {@code labelSelector} query parameter: {@code app=web,tier in (back,front)}. Empty for
     * one that selects everything.
     */
    public static String text(JsonNode selector) {
        List<Term> terms = new ArrayList<>();
        Json.strings(selector, "matchLabels").forEach((key, value) -> terms.add(new Term(key, key + "=" + value)));
        for (ObjectNode expression : Json.objects(selector, "matchExpressions")) {
            terms.add(term(expression));
        }
        terms.sort(Comparator.comparing(Term::key));
        return String.join(",", terms.stream().map(Term::text).toList());
    }

    private static Term term(ObjectNode expression) {
        String key = Json.text(expression, "key");
        String values = String.join(
                ",", Json.texts(expression, "values").stream().sorted().toList());
        return new Term(
                key,
                switch (Json.text(expression, "operator")) {
                    case "In" -> key + " in (" + values + ")";
                    case "NotIn" -> key + " notin (" + values + ")";
                    case "DoesNotExist" -> "!" + key;
                    default -> key;
                });
    }

    /** Whether the selector selects an object with these labels. */
    public static boolean matches(JsonNode selector, Map<String, String> labels) {
        boolean labelsMatch = Json.strings(selector, "matchLabels").entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
        return labelsMatch
                && Json.objects(selector, "matchExpressions").stream()
                        .allMatch(expression -> holds(expression, labels));
    }

    private static boolean holds(ObjectNode expression, Map<String, String> labels) {
        String key = Json.text(expression, "key");
        List<String> values = Json.texts(expression, "values");
        return switch (Json.text(expression, "operator")) {
            case "In" -> labels.containsKey(key) && values.contains(labels.get(key));
            case "NotIn" -> !labels.containsKey(key) || !values.contains(labels.get(key));
            case "Exists" -> labels.containsKey(key);
            case "DoesNotExist" -> !labels.containsKey(key);
            default -> false;
        };
    }

    /** A selector that says nothing. */
    static boolean isEmpty(Field selector) {
        return selector.at("matchLabels").isZero()
                && selector.at("matchExpressions").isZero();
    }

    /** @return whether nothing is wrong with it */
    static boolean check(Field selector, Violations violations) {
        int before = violations.count();
        MetadataRules.checkLabels(selector.at("matchLabels"), violations);
        for (Field expression : selector.at("matchExpressions").items()) {
            checkExpression(expression, violations);
        }
        return violations.count() == before;
    }

    private static void checkExpression(Field expression, Violations violations) {
        Field values = expression.at("values");
        String operator = expression.at("operator").text();
        if (!OPERATORS.contains(operator)) {
            violations.invalid(expression.at("operator"), "not a valid selector operator");
        } else if (operator.endsWith("In") && values.isZero()) {
            violations.required(values, "must be specified when `operator` is 'In' or 'NotIn'");
        } else if (!operator.endsWith("In") && !values.isZero()) {
            violations.forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
        violations.invalid(
                expression.at("key"), Names.qualifiedName(expression.at("key").text()));
        for (Field value : values.items()) {
            violations.invalid(value, Names.labelValue(value.text()));
        }
    }
}
