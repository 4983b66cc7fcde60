package dev.linnet.machine.node.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time at the beginning of each stored line: always of the same length, so that it can be cut off and compared. */
final class LogTime {

    /** {@code 2026-01-01T00:00:00.000000000Z} and a blank. */
    static final int LENGTH = 31;

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z '", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private LogTime() {}

    static byte[] bytes(Instant instant) {
        return FORMAT.format(instant).getBytes(US_ASCII);
    }
}
