package dev.linnet.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands still until it is told. Event loops look at it every 100 real milliseconds. */
final class TestClock implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L); // nanoTime may be negative

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
