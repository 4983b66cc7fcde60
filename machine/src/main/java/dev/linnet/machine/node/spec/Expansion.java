package dev.linnet.machine.node.spec;

import java.util.Map;

/** Kubernetes' {@code $(VAR)}: replaced when the variable is known, left as it is when not; {@code $$} is a dollar. */
public final class Expansion {

    private Expansion() {}

    /** Replaces all variables of a text. */
    public static String expand(String text, Map<String, String> variables) {
        StringBuilder expanded = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int dollar = text.indexOf('$', at);
            if (dollar < 0 || dollar == text.length() - 1) {
                break;
            }
            expanded.append(text, at, dollar);
            at = appendAfterDollar(text, dollar, variables, expanded);
        }
        return expanded.append(text, at, text.length()).toString();
    }

    /** Returns where to go on. */
    private static int appendAfterDollar(
            String text, int dollar, Map<String, String> variables, StringBuilder expanded) {
        char next = text.charAt(dollar + 1);
        if (next == '$') {
            expanded.append('$');
            return dollar + 2;
        }
        int end = next == '(' ? text.indexOf(')', dollar) : -1;
        if (end < 0) {
            expanded.append('$');
            return dollar + 1;
        }
        String name = text.substring(dollar + 2, end);
        String value = variables.get(name);
        expanded.append(value == null ? text.substring(dollar, end + 1) : value);
        return end + 1;
    }
}
