package dev.linnet.routing.policy;

/** A header that we add: a name and a value that have been checked to be one. */
public record HeaderLine(String name, String value) {
    public HeaderLine {
        if (name.isEmpty()
                || !name.chars().allMatch(HeaderLine::isInName)
                || !value.chars().allMatch(HeaderLine::isInValue)) {
            throw new IllegalArgumentException(
                    "header is \"" + name + ": " + value + "\" (expected: a name and a value of one line)");
        }
    }

    /** Whether it could be made: letters, digits, {@code -} and {@code _} in the name, no control characters in the value. */
    public static boolean isValid(String name, String value) {
        return !name.isEmpty()
                && name.chars().allMatch(HeaderLine::isInName)
                && value.chars().allMatch(HeaderLine::isInValue);
    }

    private static boolean isInName(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    }

    private static boolean isInValue(int c) {
        return c >= ' ' && c != 0x7f && c <= 0xff;
    }
}
