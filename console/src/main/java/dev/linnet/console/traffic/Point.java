package dev.linnet.console.traffic;

import dev.linnet.numbers.Sum;
import java.time.Instant;

/**
 * A second of a release: both versions over the last ten seconds, so that a curve is readable also where requests are few.
 *
 * @param seconds how long the two sums took
 */
public record Point(Instant at, double seconds, Sum primary, Sum canary) {

    /** Requests a second. */
    public double rate(Sum side) {
        return seconds <= 0 ? 0 : side.requests() / seconds;
    }
}
