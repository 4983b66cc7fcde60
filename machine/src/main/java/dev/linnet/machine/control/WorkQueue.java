package dev.linnet.machine.control;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Which keys need work. A key waits at most once, and is never handed to two workers at a time: added while it is worked on,
 * it comes again afterwards. So the queue cannot grow beyond the number of objects.
 */
final class WorkQueue<K> {
    private static final Duration FIRST_RETRY = Duration.ofMillis(5);
    private static final Duration LAST_RETRY = Duration.ofSeconds(30);

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<K> ready = new LinkedHashSet<>();
    private final Set<K> running = new HashSet<>();
    private final Set<K> again = new HashSet<>();
    private final PriorityQueue<Alarm<K>> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::due));
    private final Map<K, Long> dueOf = new HashMap<>();
    private final Map<K, Integer> failures = new HashMap<>();
    private boolean closed;

    private record Alarm<K>(K key, long due) {}

    /** {@code nanoTime} is {@link System#nanoTime()}, or a test's clock. */
    WorkQueue(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(K key) {
        locked(() -> {
            if (running.contains(key)) {
                again.add(key);
            } else if (ready.add(key)) {
                changed.signal();
            }
        });
    }

    /** Adds the key after a delay. Of several delays of one key the earliest counts. */
    void addAfter(K key, Duration delay) {
        locked(() -> {
            long due = nanoTime.getAsLong() + delay.toNanos();
            Long earlier = dueOf.get(key);
            if (earlier == null || due < earlier) {
                dueOf.put(key, due);
                alarms.add(new Alarm<>(key, due));
                changed.signalAll();
            }
        });
    }

    /**
     * Adds the key after its back-off, 5 ms doubled with each call up to 30 s, until {@link #forget} is called.
     *
     * @return how often in a row it has failed now
     */
    int retry(K key) {
        lock.lock();
        try {
            int count = failures.merge(key, 1, Integer::sum);
            addAfter(key, backOff(count));
            return count;
        } finally {
            lock.unlock();
        }
    }

    static Duration backOff(int failures) {
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 20));
        return delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
    }

    void forget(K key) {
        locked(() -> failures.remove(key));
    }

    /** Waits for a key; empty once the queue is closed. Each key taken must be given back with {@link #done}. */
    Optional<K> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long untilAlarm = wakeDue();
                var first = ready.iterator();
                if (first.hasNext()) {
                    K key = first.next();
                    first.remove();
                    running.add(key);
                    return Optional.of(key);
                }
                long _ = changed.awaitNanos(untilAlarm);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** @return nanoseconds until the next alarm */
    private long wakeDue() {
        long now = nanoTime.getAsLong();
        for (Alarm<K> alarm = alarms.peek(); alarm != null; alarm = alarms.peek()) {
            if (alarm.due() > now) {
                return alarm.due() - now;
            }
            alarms.remove();
            // An alarm that a nearer one has replaced stays in the heap until it is due; then it means nothing.
            if (dueOf.remove(alarm.key(), alarm.due())) {
                add(alarm.key());
            }
        }
        return TimeUnit.MINUTES.toNanos(1);
    }

    void done(K key) {
        locked(() -> {
            running.remove(key);
            if (again.remove(key)) {
                add(key);
            }
        });
    }

    void close() {
        locked(() -> {
            closed = true;
            changed.signalAll();
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
