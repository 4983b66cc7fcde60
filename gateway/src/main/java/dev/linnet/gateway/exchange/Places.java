package dev.linnet.gateway.exchange;

import dev.linnet.gateway.exchange.Place.Standing;
import dev.linnet.routing.policy.TrafficPolicy.Pool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests one Service port is busy with, and who waits in line to be the next (Istio's {@code connectionPool}, spec §2.6). Event
 * loops share it, and none of them ever waits for another.
 */
final class Places {
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger inLine = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private final Queue<Place> line = new ConcurrentLinkedQueue<>();
    private volatile Pool pool = Pool.UNLIMITED;

    /** From now on this holds; who has a place keeps it. */
    void obey(Pool other) {
        pool = other;
        callNext();
    }

    /** Whether requests need places at all. */
    boolean areCounted() {
        return pool.counts();
    }

    /**
     * Asks for a place.
     *
     * @param shares whether its connection serves others at the same time: then it does not wait for one
     * @param called on any event loop, once it is there; not if it is there at once
     */
    Place ask(boolean shares, Runnable called) {
        Pool now = pool;
        boolean full = now.requests() > 0 && busy.get() >= now.requests();
        if (full) {
            return new Place(this, Standing.REFUSED, called);
        }
        if (take(shares ? 0 : now.connections())) {
            return new Place(this, Standing.ADMITTED, called);
        }
        if (inLine.incrementAndGet() > now.pending()) {
            inLine.decrementAndGet();
            return new Place(this, Standing.REFUSED, called);
        }
        Place place = new Place(this, Standing.IN_LINE, called);
        line.add(place);
        callNext(); // somebody may have left meanwhile
        return place;
    }

    private boolean take(int connections) {
        int most = connections == 0 ? Integer.MAX_VALUE : connections;
        int taken = busy.get();
        while (taken < most) {
            if (busy.compareAndSet(taken, taken + 1)) {
                return true;
            }
            taken = busy.get();
        }
        return false;
    }

    private void callNext() {
        while (!line.isEmpty() && take(pool.connections())) {
            Place next = line.poll();
            if (next == null || !next.call()) {
                busy.decrementAndGet(); // nobody wants it: whoever joins the line now looks again
            }
        }
    }

    void leave() {
        busy.decrementAndGet();
        callNext();
    }

    /** Somebody does not wait any longer, or has been called. */
    void leaveLine(Place place) {
        inLine.decrementAndGet();
        line.remove(place);
    }

    void called() {
        inLine.decrementAndGet();
    }

    /** Whether one more request may be sent to a second endpoint. Who has been told so says when it is over. */
    boolean beginRetry() {
        int most = pool.retries();
        if (retries.incrementAndGet() > most && most > 0) {
            retries.decrementAndGet();
            return false;
        }
        return true;
    }

    void endRetry() {
        retries.decrementAndGet();
    }
}
