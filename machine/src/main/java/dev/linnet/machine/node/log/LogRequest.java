package dev.linnet.machine.node.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which lines somebody wants, as Kubernetes' {@code PodLogOptions}.
 *
 * @param follow     go on until the container ends
 * @param previous   of the container's life before this one
 * @param timestamps with the time before each line
 * @param tailLines  only so many last lines
 * @param since      only lines from then on
 * @param limitBytes end after so many bytes
 */
record LogRequest(
        boolean follow,
        boolean previous,
        boolean timestamps,
        OptionalLong tailLines,
        Optional<Instant> since,
        OptionalLong limitBytes) {

    /**
     * Reads a query.
     *
     * @param query gives a parameter's value, null when it is not there
     * @throws IllegalArgumentException when a value makes no sense
     */
    static LogRequest parse(Function<String, @Nullable String> query, Instant now) {
        OptionalLong sinceSeconds = number(query, "sinceSeconds", 1);
        Optional<Instant> since = sinceSeconds.isPresent()
                ? Optional.of(now.minusSeconds(sinceSeconds.getAsLong()))
                : Optional.ofNullable(query.apply("sinceTime")).map(LogRequest::time);
        return new LogRequest(
                flag(query, "follow"),
                flag(query, "previous"),
                flag(query, "timestamps"),
                number(query, "tailLines", 0),
                since,
                number(query, "limitBytes", 1));
    }

    private static boolean flag(Function<String, @Nullable String> query, String name) {
        String value = query.apply(name);
        return value != null && !value.equals("false") && !value.equals("0");
    }

    private static OptionalLong number(Function<String, @Nullable String> query, String name, long least) {
        String value = query.apply(name);
        if (value == null || value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + " is " + value + " (expected: a number from " + least + " on)", e);
        }
        throw new IllegalArgumentException(name + " is " + value + " (expected: a number from " + least + " on)");
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "sinceTime is " + text + " (expected: a time like 2026-01-01T00:00:00Z)", e);
        }
    }
}
