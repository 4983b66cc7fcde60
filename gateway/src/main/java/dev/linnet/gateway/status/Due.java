package dev.linnet.gateway.status;

import dev.linnet.routing.ObjectRef;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Objects that may have to be written about, each once: never more than there are. */
final class Due {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private Set<ObjectRef> waiting = new LinkedHashSet<>();

    void add(Collection<ObjectRef> objects) {
        if (objects.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            waiting.addAll(objects);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something, and takes all there is. */
    Set<ObjectRef> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                filled.await();
            }
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits so long whatever comes, and takes all there is. */
    Set<ObjectRef> takeAfter(Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = pause.toNanos();
            while (nanos > 0) {
                nanos = filled.awaitNanos(nanos);
            }
            return takeAll();
        } finally {
            lock.unlock();
        }
    }

    private Set<ObjectRef> takeAll() {
        Set<ObjectRef> taken = waiting;
        waiting = new LinkedHashSet<>();
        return taken;
    }
}
