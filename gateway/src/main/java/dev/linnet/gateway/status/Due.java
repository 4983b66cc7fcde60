package dev.linnet.gateway.status;

import dev.linnet.routing.ObjectRef;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Objects that may have to be written about, now or later, each once: never more than there are. */
final class Due {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<ObjectRef, Long> waiting = new HashMap<>();

    void add(Collection<ObjectRef> objects) {
        lock.lock();
        try {
            long now = System.nanoTime();
            objects.forEach(object -> waiting.put(object, now));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Not before this much time has passed, unless it comes by earlier for another reason. */
    void addAfter(ObjectRef object, Duration pause) {
        lock.lock();
        try {
            waiting.merge(object, System.nanoTime() + pause.toNanos(), (a, b) -> a - b < 0 ? a : b);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits so long whatever comes, and then until there is something; takes all there is. */
    Set<ObjectRef> take(Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = pause.toNanos();
            while (nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            Set<ObjectRef> taken = takeDue();
            while (taken.isEmpty()) {
                awaitNext();
                taken = takeDue();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Called in a loop that takes what is due: to wake early does no harm. */
    @SuppressWarnings("WaitNotInLoop")
    private void awaitNext() throws InterruptedException {
        long now = System.nanoTime();
        @Nullable Long first = null;
        for (long at : waiting.values()) {
            if (first == null || at - first < 0) {
                first = at;
            }
        }
        if (first == null) {
            changed.await();
        } else {
            changed.awaitNanos(first - now);
        }
    }

    private Set<ObjectRef> takeDue() {
        long now = System.nanoTime();
        Set<ObjectRef> taken = new LinkedHashSet<>();
        waiting.forEach((object, at) -> {
            if (now - at >= 0) {
                taken.add(object);
            }
        });
        waiting.keySet().removeAll(taken);
        return taken;
    }
}
