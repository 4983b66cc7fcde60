package dev.linnet.gateway.ops;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What was true at past moments: all that were added in the last minute, then one for every ten seconds, up to a longest window. Not for
 * several threads.
 */
final class Moments<T> {
    private static final Duration RECENT = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofSeconds(10);

    private final Function<T, Instant> at;
    private final Duration longest;
    private final Deque<T> recent = new ArrayDeque<>();
    private final Deque<T> older = new ArrayDeque<>();

    /** @param at when something was true */
    Moments(Duration longest, Function<T, Instant> at) {
        this.longest = longest;
        this.at = at;
    }

    /** Adds what is true now; moments come in their order. */
    void add(T now) {
        recent.addLast(now);
        Instant start = at.apply(now).minus(RECENT);
        while (secondIsNotAfter(recent, start)) {
            age(recent.removeFirst());
        }
        while (secondIsNotAfter(older, at.apply(now).minus(longest))) {
            older.removeFirst();
        }
    }

    private void age(T moment) {
        if (older.isEmpty()
                || !at.apply(moment).isBefore(at.apply(older.getLast()).plus(STEP))) {
            older.addLast(moment);
        }
    }

    /** Whether a window that begins there does not need the first of them any more. */
    private boolean secondIsNotAfter(Deque<T> kept, Instant start) {
        return kept.stream()
                .skip(1)
                .findFirst()
                .filter(second -> !at.apply(second).isAfter(start))
                .isPresent();
    }

    /** The last one that is not after this moment; the oldest if all are. Something must have been added. */
    T before(Instant moment) {
        return Stream.concat(older.stream(), recent.stream())
                .takeWhile(each -> !at.apply(each).isAfter(moment))
                .reduce((_, later) -> later)
                .orElseGet(() -> older.isEmpty() ? recent.getFirst() : older.getFirst());
    }

    int size() {
        return older.size() + recent.size();
    }
}
