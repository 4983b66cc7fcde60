package dev.linnet.apiserver.cel;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the format {@code duration} has them: Go's ({@code 1h30m}), and with days and weeks. */
final class GoDurations {
    private static final Pattern PART = Pattern.compile("\\s*(\\d+(?:\\.\\d*)?|\\.\\d+)\\s*([a-zµμ]+)");
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

    private GoDurations() {}

    /** @throws IllegalArgumentException for what is no duration */
    static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = text.replaceFirst("^[-+]", "");
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        Matcher part = PART.matcher(rest);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (end < rest.length() && part.find(end) && part.start() == end) {
            sum = sum.plus(
                    amount(new BigDecimal(part.group(1)), seconds(part.group(2).toLowerCase(Locale.ROOT))));
            end = part.end();
        }
        if (end == 0 || end < rest.stripTrailing().length()) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        return negative ? sum.negated() : sum;
    }

    private static Duration amount(BigDecimal count, BigDecimal seconds) {
        return Duration.ofNanos(count.multiply(seconds).multiply(NANOS).longValue());
    }

    private static BigDecimal seconds(String unit) {
        return switch (unit) {
            case "ns" -> new BigDecimal("1e-9");
            case "us", "µs", "μs" -> new BigDecimal("1e-6");
            case "ms" -> new BigDecimal("1e-3");
            case "s", "sec", "second", "seconds" -> BigDecimal.ONE;
            case "m", "min", "minute", "minutes" -> BigDecimal.valueOf(60);
            case "h", "hr", "hour", "hours" -> BigDecimal.valueOf(3600);
            case "d", "day", "days" -> BigDecimal.valueOf(86_400);
            case "w", "week", "weeks", "wk" -> BigDecimal.valueOf(604_800);
            default -> throw new IllegalArgumentException("time: unknown unit \"" + unit + "\"");
        };
    }
}
