package dev.linnet.gateway.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one endpoint has to do, as far as this gateway knows: requests in flight, and how long it takes on average. Only requests are counted
 * whose balancer looks at it. Written by all event loops without waiting.
 */
public final class Load {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicReference<Average> average = new AtomicReference<>(Average.UNKNOWN);

    /**
     * An average of response times that forgets (peak EWMA, §3.2).
     *
     * @param seconds the average
     * @param at      when it was touched, by {@link System#nanoTime}
     */
    private record Average(double seconds, long at, boolean known) {
        static final Average UNKNOWN = new Average(0, 0, false);
        private static final double DECAY_NANOS = 10e9;

        /** With one more time; with 0 it is what has not been forgotten. */
        double with(double more, long now) {
            double kept = known ? Math.exp(-Math.max(0, now - at) / DECAY_NANOS) : 0;
            return seconds * kept + more * (1 - kept);
        }
    }

    public void begin() {
        inFlight.getAndIncrement();
    }

    public void end() {
        inFlight.getAndDecrement();
    }

    public int inFlight() {
        return inFlight.getOpaque();
    }

    /** A request took so long. Where two loops say so at once, one is not heard: waiting would cost more than it tells. */
    public void took(double seconds, long now) {
        Average before = average.get();
        average.compareAndSet(before, new Average(before.with(seconds, now), now, true));
    }

    /** The average response time in seconds, less what has been forgotten; 0 if nothing is known. */
    public double score(long now) {
        return average.get().with(0, now);
    }

    boolean isKnown() {
        return average.get().known();
    }

    double lastScore() {
        return average.get().seconds();
    }

    /** A newcomer counts as average at first, so that not everybody rushes at it. */
    void startWith(double seconds, long now) {
        average.compareAndSet(Average.UNKNOWN, new Average(seconds, now, true));
    }
}
