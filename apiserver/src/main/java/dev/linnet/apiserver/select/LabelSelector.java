package dev.linnet.apiserver.select;

import dev.linnet.apiserver.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which objects, by their labels. Requirements are ANDed. */
public record LabelSelector(List<Requirement> requirements) {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    private static final String KEY = "[A-Za-z0-9][-A-Za-z0-9_./]*";
    private static final Pattern SET = Pattern.compile("\\s*(" + KEY + ")\\s+(in|notin)\\s*\\(([^()]*)\\)\\s*");
    private static final Pattern EQUALITY =
            Pattern.compile("\\s*(" + KEY + ")\\s*(==|=|!=|>|<)\\s*([-A-Za-z0-9_.]*)\\s*");
    private static final Pattern EXISTENCE = Pattern.compile("\\s*(!?)\\s*(" + KEY + ")\\s*");

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    private enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        ABSENT,
        GREATER,
        LESS
    }

    /** One condition on one label. */
    record Requirement(String key, Operator operator, Set<String> values) {
        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case ABSENT -> value == null;
                case GREATER -> value != null && compare(value) > 0;
                case LESS -> value != null && compare(value) < 0;
            };
        }

        /** Text that is no number is neither greater nor less. */
        private int compare(String value) {
            try {
                return Long.compare(
                        Long.parseLong(value), Long.parseLong(values.iterator().next()));
            } catch (NumberFormatException _) {
                return 0;
            }
        }
    }

    /** Reads {@code a=b,c in (d,e),!f}; throws a 400 for anything else. */
    public static LabelSelector parse(String text) {
        if (text.isBlank()) {
            return EVERYTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        for (String term : terms(text)) {
            requirements.add(requirement(term));
        }
        return new LabelSelector(requirements);
    }

    /** Splits at commas outside parentheses. */
    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                terms.add(text.substring(start, i));
                start = i + 1;
            }
        }
        terms.add(text.substring(start));
        return terms;
    }

    private static Requirement requirement(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            Operator operator = set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN;
            return new Requirement(set.group(1), operator, values(set.group(3)));
        }
        Matcher equality = EQUALITY.matcher(term);
        if (equality.matches()) {
            return new Requirement(equality.group(1), operator(equality.group(2)), Set.of(equality.group(3)));
        }
        Matcher existence = EXISTENCE.matcher(term);
        if (existence.matches()) {
            Operator operator = existence.group(1).isEmpty() ? Operator.EXISTS : Operator.ABSENT;
            return new Requirement(existence.group(2), operator, Set.of());
        }
        throw ApiFailure.badRequest("unable to parse requirement: found '" + term.strip()
                + "', expected: a key, '!', or a key with '=', '==', '!=', 'in', 'notin', '>' or '<'");
    }

    private static Operator operator(String sign) {
        return switch (sign) {
            case "!=" -> Operator.NOT_IN;
            case ">" -> Operator.GREATER;
            case "<" -> Operator.LESS;
            default -> Operator.IN;
        };
    }

    private static Set<String> values(String list) {
        Set<String> values = new TreeSet<>();
        for (String value : list.split(",", -1)) {
            values.add(value.strip());
        }
        return values;
    }

    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean everything() {
        return requirements.isEmpty();
    }
}
