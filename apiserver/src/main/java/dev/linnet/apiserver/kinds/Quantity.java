package dev.linnet.apiserver.kinds;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource: {@code 500m}, {@code 1.5}, {@code 128Mi}, {@code 2e3}.
 *
 * @param value exact, in the resource's unit (cores, bytes)
 */
public record Quantity(BigDecimal value, Form form) implements Comparable<Quantity> {
    static final String WRONG =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final Pattern SYNTAX =
            Pattern.compile("([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\\d{1,3}))?");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final int UNIT_INDEX = DECIMAL.indexOf("");
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    /** How the author wrote it, which is how it is written back. */
    public enum Form {
        DECIMAL,
        BINARY,
        EXPONENT
    }

    public static Optional<Quantity> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal digits = new BigDecimal(matcher.group(1));
        if (matcher.group(3) != null) {
            return Optional.of(
                    new Quantity(digits.scaleByPowerOfTen(Integer.parseInt(matcher.group(3))), Form.EXPONENT));
        }
        String suffix = matcher.group(2) == null ? "" : matcher.group(2);
        if (suffix.endsWith("i")) {
            return Optional.of(new Quantity(digits.multiply(KIBI.pow(BINARY.indexOf(suffix))), Form.BINARY));
        }
        int power = 3 * (DECIMAL.indexOf(suffix) - UNIT_INDEX);
        return Optional.of(new Quantity(digits.scaleByPowerOfTen(power), Form.DECIMAL));
    }

    /** The one way in which this amount is written: {@code 0.5} is {@code 500m}, {@code 1024Mi} is {@code 1Gi}. */
    public String canonical() {
        return switch (form) {
            case BINARY -> value.abs().compareTo(KIBI) < 0 ? decimal() : binary();
            case DECIMAL -> decimal();
            case EXPONENT -> exponent();
        };
    }

    private String binary() {
        BigInteger mantissa = value.setScale(0, RoundingMode.UP).toBigInteger();
        int index = 0;
        BigInteger kibi = KIBI.toBigInteger();
        while (index < BINARY.size() - 1 && mantissa.mod(kibi).signum() == 0) {
            mantissa = mantissa.divide(kibi);
            index++;
        }
        return mantissa + BINARY.get(index);
    }

    private String decimal() {
        int thousands = thousands();
        return mantissa(thousands) + DECIMAL.get(thousands + UNIT_INDEX);
    }

    private String exponent() {
        int thousands = thousands();
        return mantissa(thousands) + (thousands == 0 ? "" : "e" + 3 * thousands);
    }

    /** The largest power of a thousand that leaves a whole number; not below 10^-9. */
    private int thousands() {
        if (value.signum() == 0) {
            return 0;
        }
        int zeros = -value.stripTrailingZeros().scale();
        return Math.clamp(Math.floorDiv(zeros, 3), -UNIT_INDEX, DECIMAL.size() - 1 - UNIT_INDEX);
    }

    private String mantissa(int thousands) {
        return value.scaleByPowerOfTen(-3 * thousands)
                .setScale(0, RoundingMode.UP)
                .toBigInteger()
                .toString();
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }
}
