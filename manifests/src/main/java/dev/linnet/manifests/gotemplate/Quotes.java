package dev.linnet.manifests.gotemplate;

/** Go's escapes within quotes, read and written. */
final class Quotes {
    private static final String LETTERS = "abfnrtv";
    private static final String MEANINGS = "\u0007\b\f\n\r\t\u000b";

    private Quotes() {}

    /** What a quoted text means. */
    static String read(String quoted, int line) throws TemplateMistake {
        StringBuilder meant = new StringBuilder();
        for (int i = 0; i < quoted.length(); i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                meant.append(c);
                continue;
            }
            char escape = quoted.charAt(++i);
            int digits = switch (escape) {
                case 'x' -> 2;
                case 'u' -> 4;
                case 'U' -> 8;
                default -> 0;
            };
            if (digits > 0) {
                meant.appendCodePoint(codePoint(quoted, i + 1, digits, line));
                i += digits;
            } else {
                meant.append(single(escape, line));
            }
        }
        return meant.toString();
    }

    private static int codePoint(String quoted, int from, int digits, int line) throws TemplateMistake {
        try {
            int point = Integer.parseInt(quoted.substring(from, from + digits), 16);
            if (Character.isValidCodePoint(point)) {
                return point;
            }
        } catch (NumberFormatException | StringIndexOutOfBoundsException _) {
            // Told below.
        }
        throw new TemplateMistake(line, "an escape has too few or wrong digits (expected: " + digits + " of 0 to f)");
    }

    private static char single(char escape, int line) throws TemplateMistake {
        int letter = LETTERS.indexOf(escape);
        if (letter >= 0) {
            return MEANINGS.charAt(letter);
        }
        if (escape == '\\' || escape == '"' || escape == '\'') {
            return escape;
        }
        throw new TemplateMistake(
                line, "\\" + escape + " is no escape (expected: \\n, \\t, \\\", \\\\, \\x41, \\u0041)");
    }

    /** {@code %q}. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            int letter = MEANINGS.indexOf(c);
            if (letter >= 0) {
                quoted.append('\\').append(LETTERS.charAt(letter));
            } else if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format("\\x%02x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
