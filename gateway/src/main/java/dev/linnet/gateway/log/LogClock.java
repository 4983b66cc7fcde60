package dev.linnet.gateway.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The time as the log writes it, worked out once a second. */
final class LogClock {
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.US);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.US);

    private final LongSupplier wallMillis;
    private final ZoneId zone;
    private long millis;
    private long second = Long.MIN_VALUE;
    private byte[] local = {};
    private byte[] iso = {};

    LogClock(LongSupplier wallMillis, ZoneId zone) {
        this.wallMillis = wallMillis;
        this.zone = zone;
    }

    /** To be called before each line. */
    void tick() {
        millis = wallMillis.getAsLong();
        if (millis / 1000 != second) {
            second = millis / 1000;
            ZonedDateTime now = Instant.ofEpochSecond(second).atZone(zone);
            local = LOCAL.format(now).getBytes(StandardCharsets.US_ASCII);
            iso = ISO.format(now).getBytes(StandardCharsets.US_ASCII);
        }
    }

    long millis() {
        return millis;
    }

    byte[] local() {
        return local;
    }

    byte[] iso() {
        return iso;
    }
}
