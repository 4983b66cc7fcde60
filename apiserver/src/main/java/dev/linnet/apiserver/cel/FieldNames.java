package dev.linnet.apiserver.cel;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How fields are called in rules where their names are no identifiers of CEL: {@code namespace}, {@code x-y}. */
final class FieldNames {
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z_./-][a-zA-Z0-9_./-]*");
    private static final Pattern ESCAPED = Pattern.compile("__|[-./]");

    private FieldNames() {}

    /** Empty where no escape makes an identifier of it; such a field cannot be named in rules. */
    static Optional<String> escaped(String name) {
        if (RESERVED.contains(name)) {
            return Optional.of("__" + name + "__");
        }
        if (!ALLOWED.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.of(ESCAPED.matcher(name).replaceAll(match -> Matcher.quoteReplacement(escape(match.group()))));
    }

    private static String escape(String part) {
        return switch (part) {
            case "__" -> "__underscores__";
            case "." -> "__dot__";
            case "-" -> "__dash__";
            default -> "__slash__";
        };
    }
}
