package dev.linnet.manifests.gotemplate;

import java.math.BigDecimal;
import java.util.Locale;

/** Floating-point numbers as Go's {@code fmt} prints them. */
final class GoNumbers {
    private static final int LARGEST_PLAIN_EXPONENT = 21;

    private GoNumbers() {}

    /** {@code %v}: as few digits as tell it from its neighbours. */
    static String shortest(double number) {
        return general(number, LARGEST_PLAIN_EXPONENT);
    }

    /** {@code %g}: with an exponent from {@code largest} on, and for what is very small. */
    static String general(double number, int largest) {
        if (!Double.isFinite(number)) {
            return Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
        }
        if (number == 0) {
            return "0";
        }
        BigDecimal decimal = BigDecimal.valueOf(number).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < largest) {
            return decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return (number < 0 ? "-" : "")
                + digits.charAt(0)
                + fraction
                + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
