package dev.linnet.machine.control;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a {@link Reconciler} for every key that was touched, on virtual threads of its own, one at a time per key. Begins
 * once the caches that it reads are filled, because a controller that decides on half a world does damage.
 */
public final class ReconcileLoop<K> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(4);
    /** Failures in a row before a warning; before that it is most likely a cache that is a moment behind. */
    private static final int WARN_AT = 4;

    private final String name;
    private final int workers;
    private final List<Watched<?>> reads;
    private final Reconciler<K> reconciler;
    private final WorkQueue<K> queue = new WorkQueue<>(System::nanoTime);
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    /**
     * @param workers how many keys are worked on at a time
     * @param reads   caches that must be filled before the first call
     */
    public ReconcileLoop(String name, int workers, List<? extends Watched<?>> reads, Reconciler<K> reconciler) {
        this.name = name;
        this.workers = workers;
        this.reads = List.copyOf(reads);
        this.reconciler = reconciler;
    }

    /** Asks for this key to be reconciled soon. Also before {@link #start()}. */
    public void touch(K key) {
        queue.add(key);
    }

    /** Asks for it after a while. */
    public void touchAfter(K key, Duration delay) {
        queue.addAfter(key, delay);
    }

    /** Harmless when repeated. */
    public synchronized void start() {
        if (closed || !threads.isEmpty()) {
            return;
        }
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
        }
    }

    private void work() {
        try {
            for (Watched<?> cache : reads) {
                cache.awaitFilled();
            }
            for (Optional<K> key = queue.take(); key.isPresent(); key = queue.take()) {
                workOn(key.get());
            }
        } catch (InterruptedException _) {
            // close() asked for the end.
        }
    }

    private void workOn(K key) throws InterruptedException {
        try {
            Duration again = reconciler.reconcile(key);
            queue.forget(key);
            if (!again.isNegative()) {
                queue.addAfter(key, again);
            }
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception failure) {
            retry(key, failure);
        } finally {
            queue.done(key);
        }
    }

    private void retry(K key, Exception failure) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException(name + " is closing");
        }
        int failures = queue.retry(key);
        if (isConflict(failure) || failures < WARN_AT) {
            log.atDebug()
                    .addKeyValue("part", name)
                    .addKeyValue("key", key)
                    .setCause(failure)
                    .log("Will try again");
        } else {
            log.atWarn()
                    .addKeyValue("part", name)
                    .addKeyValue("key", key)
                    .addKeyValue("failures", failures)
                    .setCause(failure)
                    .log("Reconciling keeps failing");
        }
    }

    /** The object moved on since it was read: decide again on what it is now. */
    public static boolean isConflict(Throwable failure) {
        return failure instanceof KubernetesClientException refused && refused.getCode() == 409;
    }

    public static boolean isNotFound(Throwable failure) {
        return failure instanceof KubernetesClientException refused && refused.getCode() == 404;
    }

    @Override
    public synchronized void close() {
        closed = true;
        queue.close();
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + PATIENCE_AT_END.toNanos();
        for (Thread thread : threads) {
            joinUntil(thread, deadline);
        }
    }

    private void joinUntil(Thread thread, long deadline) {
        try {
            Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
            if (!thread.join(left)) {
                log.atWarn().addKeyValue("thread", thread.getName()).log("Worker did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
