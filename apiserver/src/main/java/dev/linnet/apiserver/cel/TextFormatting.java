package dev.linnet.apiserver.cel;

import static dev.linnet.apiserver.cel.RuleFunction.member;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.linnet.apiserver.cel.RuleFunction.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code 'at most %d of %s'.format([3, self.name])}, which CEL's strings have in Go and not in Java. */
final class TextFormatting {
    private static final Pattern CLAUSE = Pattern.compile("%(?:%|(?:\\.(?<precision>\\d{1,3}))?(?<clause>.?))");
    private static final int USUAL_PRECISION = 6;

    @SuppressWarnings("rawtypes") // There is no class of a list of something.
    private static final Kind<List> ARGUMENTS = new Kind<>(ListType.create(SimpleType.DYN), List.class);

    private TextFormatting() {}

    static List<RuleFunction> all() {
        return List.of(RuleFunction.of(
                "format", member("string_format", SimpleType.STRING, Kind.TEXT, ARGUMENTS, TextFormatting::format)));
    }

    private static String format(String text, List<?> arguments) {
        StringBuilder result = new StringBuilder();
        Matcher clause = CLAUSE.matcher(text);
        int next = 0;
        while (clause.find()) {
            String shown = "%";
            if (clause.group("clause") != null) {
                if (next >= arguments.size()) {
                    throw new CelInvalidArgumentException("index " + next + " out of range");
                }
                shown = shown(clause, arguments.get(next++));
            }
            clause.appendReplacement(result, Matcher.quoteReplacement(shown));
        }
        return clause.appendTail(result).toString();
    }

    private static String shown(Matcher clause, Object value) {
        int precision =
                clause.group("precision") == null ? USUAL_PRECISION : Integer.parseInt(clause.group("precision"));
        return switch (clause.group("clause")) {
            case "s" -> text(value);
            case "d" -> value instanceof Number ? text(value) : refused("integers", value);
            case "f" -> fraction("%." + precision + "f", value);
            case "e" -> fraction("%." + precision + "e", value);
            case "b" -> value instanceof Boolean flag ? flag ? "1" : "0" : radix(value, 2);
            case "o" -> radix(value, 8);
            case "x" -> hex(value);
            case "X" -> hex(value).toUpperCase(Locale.ROOT);
            default ->
                throw new CelInvalidArgumentException(
                        "could not parse formatting clause: unrecognized formatting clause \"" + clause.group("clause")
                                + "\"");
        };
    }

    private static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Double number -> decimal(number);
            case NullValue _ -> "null";
            case CelByteString bytes -> new String(bytes.toByteArray(), StandardCharsets.UTF_8);
            case Duration duration -> decimal(duration.toNanos() / 1e9) + "s";
            case Instant instant -> instant.toString();
            case CelType type -> type.name();
            case List<?> list -> list.stream().map(TextFormatting::text).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> text(entry.getKey()) + ": " + text(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    /** 2 for 2.0: Go's shortest form without an exponent. */
    private static String decimal(double number) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return Double.isNaN(number)
                ? "NaN"
                : BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private static String fraction(String format, Object value) {
        if (!(value instanceof Number number)) {
            return refused("doubles", value);
        }
        return Double.isFinite(number.doubleValue())
                ? String.format(Locale.ROOT, format, number.doubleValue())
                : decimal(number.doubleValue());
    }

    private static String radix(Object value, int radix) {
        return switch (value) {
            case Long number -> Long.toString(number, radix);
            case UnsignedLong number -> number.toString(radix);
            default -> refused("integers", value);
        };
    }

    private static String hex(Object value) {
        return switch (value) {
            case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
            case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
            default -> radix(value, 16);
        };
    }

    private static String refused(String allowed, Object value) {
        throw new CelInvalidArgumentException("error during formatting: only " + allowed
                + " can be formatted like this, got " + value.getClass().getSimpleName());
    }
}
