package dev.linnet.console.view;

import dev.linnet.console.words.Words;
import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. What is not there is a dash. */
public final class Figures {
    private static final String NOTHING = "–";

    private Figures() {}

    /** Requests a second. */
    public static String rate(double value) {
        return Double.isNaN(value) ? NOTHING : fixed(value, value < 10 ? 1 : 0);
    }

    public static String percent(double value) {
        return Double.isNaN(value) ? NOTHING : fixed(value, value == 100 || value == 0 ? 0 : value > 99.9 ? 2 : 1);
    }

    public static String millis(double value) {
        return Double.isNaN(value) ? NOTHING : fixed(value, value < 10 ? 1 : 0);
    }

    /** With at most two decimals. */
    public static String plain(double value) {
        return fixed(value, 2).replaceAll("\\.?0+$", "");
    }

    private static String fixed(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** {@code 3 min 20 s}. */
    public static String span(Duration span, Words words) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return words.say("span.seconds", seconds);
        }
        if (seconds < 3_600) {
            return words.say("span.minutes", seconds / 60) + " " + words.say("span.seconds", seconds % 60);
        }
        return seconds < 86_400
                ? words.say("span.hours", seconds / 3_600) + " " + words.say("span.minutes", seconds / 60 % 60)
                : words.say("span.days", seconds / 86_400) + " " + words.say("span.hours", seconds / 3_600 % 24);
    }
}
