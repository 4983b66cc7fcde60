package dev.linnet.manifests.gotemplate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Go's {@code fmt.Sprintf}. A verb that does not fit shows itself in the text, as there: {@code %!d(string=foo)}. */
final class Printf {
    private static final Pattern VERB = Pattern.compile("%([-+# 0]*)(\\d{1,4})?(?:\\.(\\d{0,3}))?(.)?", Pattern.DOTALL);
    private static final int USUAL_DECIMALS = 6;
    private static final int LARGEST_PLAIN_EXPONENT = 21;

    private final String format;
    private final List<Value> arguments;
    private int used;

    Printf(String format, List<Value> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    String text() {
        String text = VERB.matcher(format).replaceAll(verb -> Matcher.quoteReplacement(verb(verb)));
        if (used == arguments.size()) {
            return text;
        }
        return text
                + arguments.subList(used, arguments.size()).stream()
                        .map(extra -> extra.type() + "=" + extra.shown())
                        .collect(Collectors.joining(", ", "%!(EXTRA ", ")"));
    }

    private String verb(MatchResult found) {
        String letter = found.group(4);
        if (letter == null) {
            return "%!(NOVERB)";
        }
        if (letter.equals("%")) {
            return "%";
        }
        if (used == arguments.size()) {
            return "%!" + letter + "(MISSING)";
        }
        Value argument = arguments.get(used++);
        String flags = found.group(1);
        String decimals = found.group(3);
        OptionalInt precision = decimals == null
                ? OptionalInt.empty()
                : OptionalInt.of(decimals.isEmpty() ? 0 : Integer.parseInt(decimals));
        String shown = shown(letter.charAt(0), argument, precision, flags.contains("#"));
        return padded(signed(shown, argument, flags), found.group(2), flags, argument);
    }

    private static String shown(char verb, Value argument, OptionalInt precision, boolean alternate) {
        return switch (verb) {
            case 'v' ->
                alternate && argument instanceof Value.Text(String text)
                        ? Quotes.quote(text)
                        : cut(argument.shown(), argument, precision);
            case 'T' -> argument.type();
            case 's' ->
                argument instanceof Value.Text(String text) ? cut(text, argument, precision) : wrong(verb, argument);
            case 'q' -> argument instanceof Value.Text(String text) ? Quotes.quote(text) : wrong(verb, argument);
            case 't' -> argument instanceof Value.Truth ? argument.shown() : wrong(verb, argument);
            case 'd' -> argument instanceof Value.Whole ? argument.shown() : wrong(verb, argument);
            case 'c' ->
                argument instanceof Value.Whole(long point) && Character.isValidCodePoint((int) point)
                        ? Character.toString((int) point)
                        : wrong(verb, argument);
            case 'b', 'o', 'x', 'X' -> digits(verb, argument);
            case 'f', 'F', 'e', 'E', 'g', 'G' ->
                argument instanceof Value.Decimal(double number)
                        ? decimal(verb, number, precision)
                        : wrong(verb, argument);
            default -> wrong(verb, argument);
        };
    }

    private static String cut(String text, Value argument, OptionalInt precision) {
        return argument instanceof Value.Text && precision.isPresent() && precision.getAsInt() < text.length()
                ? text.substring(0, precision.getAsInt())
                : text;
    }

    private static String wrong(char verb, Value argument) {
        return "%!" + verb + "(" + argument.type() + "=" + argument.shown() + ")";
    }

    private static String digits(char verb, Value argument) {
        if (!(argument instanceof Value.Whole(long number))) {
            return wrong(verb, argument);
        }
        return switch (verb) {
            case 'b' -> Long.toString(number, 2);
            case 'o' -> Long.toString(number, 8);
            case 'X' -> Long.toString(number, 16).toUpperCase(Locale.ROOT);
            default -> Long.toString(number, 16);
        };
    }

    private static String decimal(char verb, double number, OptionalInt precision) {
        return switch (verb) {
            case 'f', 'F' -> String.format(Locale.ROOT, "%." + precision.orElse(USUAL_DECIMALS) + "f", number);
            case 'e', 'E' -> String.format(Locale.ROOT, "%." + precision.orElse(USUAL_DECIMALS) + verb, number);
            default ->
                precision.isEmpty()
                        ? GoNumbers.shortest(number)
                        : GoNumbers.general(
                                new BigDecimal(number)
                                        .round(new MathContext(Math.max(1, precision.getAsInt())))
                                        .doubleValue(),
                                Math.min(LARGEST_PLAIN_EXPONENT, Math.max(1, precision.getAsInt())));
        };
    }

    private static String signed(String shown, Value argument, String flags) {
        boolean isNumber = argument instanceof Value.Whole || argument instanceof Value.Decimal;
        if (!isNumber || shown.startsWith("-") || shown.startsWith("%")) {
            return shown;
        }
        return flags.contains("+") ? "+" + shown : flags.contains(" ") ? " " + shown : shown;
    }

    private static String padded(String shown, @Nullable String width, String flags, Value argument) {
        int missing = width == null ? 0 : Integer.parseInt(width) - shown.codePointCount(0, shown.length());
        if (missing <= 0) {
            return shown;
        }
        if (flags.contains("-")) {
            return shown + " ".repeat(missing);
        }
        boolean zeros = flags.contains("0") && (argument instanceof Value.Whole || argument instanceof Value.Decimal);
        if (!zeros) {
            return " ".repeat(missing) + shown;
        }
        int sign = shown.startsWith("-") || shown.startsWith("+") ? 1 : 0;
        return shown.substring(0, sign) + "0".repeat(missing) + shown.substring(sign);
    }
}
