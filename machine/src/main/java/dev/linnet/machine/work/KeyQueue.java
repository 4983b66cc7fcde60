package dev.linnet.machine.work;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keys of objects that have to be looked at, each at most once at a time: ten changes of an object are one piece of work. So
 * it is bounded by the number of objects.
 */
public final class KeyQueue<K> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<K, Long> dueNanos = new HashMap<>();
    private boolean closed;

    /** Looks at it as soon as possible. */
    public void add(K key) {
        add(key, Duration.ZERO);
    }

    /** Looks at it after a while, or earlier if somebody asks for that. */
    public void add(K key, Duration delay) {
        lock.lock();
        try {
            dueNanos.merge(key, System.nanoTime() + delay.toNanos(), (a, b) -> a - b < 0 ? a : b);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next key that is due; empty when the queue is closed. */
    public Optional<K> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Optional<Map.Entry<K, Long>> first = first();
                long wait =
                        first.map(entry -> entry.getValue() - System.nanoTime()).orElse(TimeUnit.HOURS.toNanos(1));
                if (first.isPresent() && wait <= 0) {
                    dueNanos.remove(first.get().getKey());
                    return Optional.of(first.get().getKey());
                }
                var _ = changed.awaitNanos(wait);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Map.Entry<K, Long>> first() {
        long now = System.nanoTime();
        return dueNanos.entrySet().stream().min(Comparator.comparingLong(entry -> entry.getValue() - now));
    }

    /** Lets takers go. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
