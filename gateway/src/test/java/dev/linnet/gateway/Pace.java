package dev.linnet.gateway;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Lets so many turns through in a second, whoever takes them. For load: no claim of a test may depend on it. */
final class Pace {
    private final long nanosBetween;
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    private Pace(long nanosBetween) {
        this.nanosBetween = nanosBetween;
    }

    static Pace perSecond(double turns) {
        return new Pace(Math.round(1e9 / turns));
    }

    /** As fast as it goes. */
    static Pace unlimited() {
        return new Pace(0);
    }

    /** Returns when it is the caller's turn. */
    void await() {
        long turn = next.getAndAdd(nanosBetween);
        for (long wait = turn - System.nanoTime(); wait > 0; wait = turn - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }
}
