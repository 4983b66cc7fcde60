package dev.linnet.rollout.judge;

import java.math.BigDecimal;

/** Numbers as Go prints them, because people search for Flagger's texts. */
final class GoText {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private GoText() {}

    /** {@code 500ms}, {@code 1.515s}, {@code 1m30s}, {@code 1h0m0s}. */
    static String duration(long milliseconds) {
        if (milliseconds < 0) {
            return "-" + duration(-milliseconds);
        }
        if (milliseconds == 0) {
            return "0s";
        }
        if (milliseconds < SECOND) {
            return milliseconds + "ms";
        }
        String hours = milliseconds >= HOUR ? milliseconds / HOUR + "h" : "";
        String minutes = milliseconds >= MINUTE ? milliseconds % HOUR / MINUTE + "m" : "";
        return hours + minutes + number(milliseconds % MINUTE / (double) SECOND) + "s";
    }

    /** {@code 99}, {@code 0.5}. */
    static String number(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}
