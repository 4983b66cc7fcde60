package dev.linnet.controller.metrics.store;

import java.time.Duration;

/** How far back stores look that take a time and not a rate. */
final class Lookbacks {
    private static final int FACTOR = 10;

    private Lookbacks() {}

    static Duration tenfold(Duration lookback) throws StoreMistake {
        if (!lookback.isPositive()) {
            throw new StoreMistake("error parsing metric interval: interval is missing (expected: such as 1m)");
        }
        return lookback.multipliedBy(FACTOR);
    }
}
