package dev.linnet.apiserver.select;

import dev.linnet.apiserver.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which objects, by the values of a few fields. Requirements are ANDed. */
public record FieldSelector(List<Requirement> requirements) {
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());
    public static final String NAME = "metadata.name";
    public static final String NAMESPACE = "metadata.namespace";

    public FieldSelector {
        requirements = List.copyOf(requirements);
    }

    /** {@code field=value}, or its contrary. */
    record Requirement(String field, String value, boolean equal) {
        boolean matches(Function<String, String> fields) {
            return fields.apply(field).equals(value) == equal;
        }
    }

    /**
     * Reads {@code status.phase!=Running,spec.nodeName=n1}.
     *
     * @param known the kind's own fields; any other than these, the name and the namespace is answered 400
     */
    public static FieldSelector parse(String text, Set<String> known) {
        if (text.isBlank()) {
            return EVERYTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        for (String term : terms(text)) {
            Requirement requirement = requirement(term);
            requireKnown(requirement.field(), known);
            requirements.add(requirement);
        }
        return new FieldSelector(requirements);
    }

    /** The one name that a selector asks for, whatever else it says; empty where it asks for none. */
    public static String nameIn(String text) {
        if (text.isBlank()) {
            return "";
        }
        List<Requirement> requirements =
                terms(text).stream().map(FieldSelector::requirement).toList();
        return new FieldSelector(requirements).required(NAME).orElse("");
    }

    /** Splits at commas that no backslash protects. */
    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        StringBuilder term = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                term.append(c).append(text.charAt(++i));
            } else if (c == ',') {
                terms.add(term.toString());
                term.setLength(0);
            } else {
                term.append(c);
            }
        }
        terms.add(term.toString());
        return terms;
    }

    private static Requirement requirement(String term) {
        int unequal = term.indexOf("!=");
        int equal = term.indexOf('=');
        if (equal < 1) {
            throw ApiFailure.badRequest("invalid selector: '" + term + "'; can't understand '" + term + "'");
        }
        if (unequal > 0 && unequal == equal - 1) {
            return new Requirement(term.substring(0, unequal).strip(), value(term.substring(equal + 1)), false);
        }
        int after = term.startsWith("==", equal) ? equal + 2 : equal + 1;
        return new Requirement(term.substring(0, equal).strip(), value(term.substring(after)), true);
    }

    private static String value(String escaped) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            value.append(c == '\\' && i + 1 < escaped.length() ? escaped.charAt(++i) : c);
        }
        return value.toString();
    }

    private static void requireKnown(String field, Set<String> known) {
        if (field.equals(NAME) || field.equals(NAMESPACE) || known.contains(field)) {
            return;
        }
        throw ApiFailure.badRequest(
                known.isEmpty()
                        ? "\"" + field + "\" is not a known field selector: only \"" + NAME + "\", \"" + NAMESPACE
                                + "\""
                        : "field label not supported: " + field);
    }

    /** @param fields value of a field; empty when the object lacks it */
    public boolean matches(Function<String, String> fields) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(fields)) {
                return false;
            }
        }
        return true;
    }

    /** The value that a field must have, where the selector says so. */
    public Optional<String> required(String field) {
        return requirements.stream()
                .filter(requirement ->
                        requirement.equal() && requirement.field().equals(field))
                .map(Requirement::value)
                .findFirst();
    }

    public boolean everything() {
        return requirements.isEmpty();
    }
}
