package dev.linnet.gateway.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Changes that wait for the next compile. What arrives during one compile is taken together by the next, with only the last
 * change of each object: it never holds more than there are objects, and no change waits longer than one compile.
 */
final class Inbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private Map<Change.Key, Change> waiting = new LinkedHashMap<>();

    void put(Change change) {
        lock.lock();
        try {
            waiting.put(change.key(), change);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something, but not longer than this, and takes all there is. */
    List<Change> take(Duration longest) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = longest.toNanos();
            while (waiting.isEmpty() && nanos > 0) {
                nanos = filled.awaitNanos(nanos);
            }
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes all there is, if anything. */
    List<Change> poll() {
        lock.lock();
        try {
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    private List<Change> takeAll() {
        List<Change> taken = new ArrayList<>(waiting.values());
        waiting = new LinkedHashMap<>();
        return taken;
    }
}
