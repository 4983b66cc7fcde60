package dev.linnet.machine.control;

import java.time.Duration;

/** Brings one object's world to where its spec wants it. */
@FunctionalInterface
public interface Reconciler<K> {
    /** Nothing to do before the next change. */
    Duration NOT_AGAIN = Duration.ofSeconds(-1);

    /**
     * Compares what is with what should be, and does the next step. May run twice for one change and must do no harm then.
     *
     * @return when to look again even if nothing changes, or {@link #NOT_AGAIN}
     * @throws Exception to be called again after a back-off; a conflicting write (409) is no failure and not logged
     */
    Duration reconcile(K key) throws Exception;

    /** The nearer of two answers. */
    static Duration sooner(Duration one, Duration other) {
        if (one.isNegative()) {
            return other;
        }
        return other.isNegative() || one.compareTo(other) < 0 ? one : other;
    }
}
