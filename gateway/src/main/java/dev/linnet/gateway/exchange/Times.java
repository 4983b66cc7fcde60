package dev.linnet.gateway.exchange;

import dev.linnet.numbers.Outcome;

/** How long the parts of an exchange took, in nanoseconds. */
final class Times {
    private final long started;
    private long connectNanos = Outcome.NOT_OBSERVED;
    private long headerNanos = Outcome.NOT_OBSERVED;

    Times(long started) {
        this.started = started;
    }

    void connectedAtOnce() {
        connectNanos = 0;
    }

    void connected(long now) {
        connectNanos = now - started;
    }

    void headed(long now) {
        headerNanos = now - started;
    }

    long requestNanos(long now) {
        return now - started;
    }

    long connectNanos() {
        return connectNanos;
    }

    long headerNanos() {
        return headerNanos;
    }

    /** Not observed if there was no response. */
    long responseNanos(long now) {
        return headerNanos < 0 ? Outcome.NOT_OBSERVED : now - started;
    }
}
