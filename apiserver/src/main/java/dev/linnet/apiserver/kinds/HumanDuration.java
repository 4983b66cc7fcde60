package dev.linnet.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * Durations as {@code kubectl get} shows them: at most two units, fewer the longer it is ({@code 95s}, {@code 2m3s},
 * {@code 10m}, {@code 3h5m}, {@code 2d4h}, {@code 400d}, {@code 3y12d}).
 */
public final class HumanDuration {
    private static final String UNKNOWN = "<unknown>";

    private HumanDuration() {}

    /** A clock that is behind by up to two seconds is forgiven; a start further in the future is {@code <invalid>}. */
    public static String text(Duration duration) {
        long seconds = duration.toMillis() / 1000;
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 120) {
            return Math.max(0, seconds) + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return twoUnits(minutes, "m", seconds % 60, "s");
        }
        return minutes < 180 ? minutes + "m" : ofHours(minutes / 60, minutes % 60);
    }

    private static String ofHours(long hours, long minutes) {
        if (hours < 8) {
            return twoUnits(hours, "h", minutes, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        long days = hours / 24;
        if (days < 8) {
            return twoUnits(days, "d", hours % 24, "h");
        }
        if (days < 2 * 365) {
            return days + "d";
        }
        return days < 8 * 365 ? twoUnits(days / 365, "y", days % 365, "d") : days / 365 + "y";
    }

    private static String twoUnits(long big, String bigUnit, long small, String smallUnit) {
        return small == 0 ? big + bigUnit : big + bigUnit + small + smallUnit;
    }

    /** How long ago an RFC 3339 time was; {@code <unknown>} where there is none. */
    public static String since(String timestamp, Instant now) {
        if (timestamp.isEmpty()) {
            return UNKNOWN;
        }
        try {
            return text(Duration.between(Instant.parse(timestamp), now));
        } catch (DateTimeParseException _) {
            return UNKNOWN;
        }
    }

    /** How long ago an object was made. */
    public static String age(ObjectNode object, Instant now) {
        return since(Json.text(object, "metadata", "creationTimestamp"), now);
    }
}
