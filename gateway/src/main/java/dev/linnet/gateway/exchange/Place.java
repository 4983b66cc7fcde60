package dev.linnet.gateway.exchange;

import java.util.concurrent.atomic.AtomicReference;

/** One request's place among those that a Service port is busy with, or in line for one. */
final class Place {
    private final Places places;
    private final Runnable called;
    private final AtomicReference<Standing> standing;
    private boolean retrying;

    /** How a request stands. */
    enum Standing {
        /** It may be sent. */
        ADMITTED,
        IN_LINE,
        /** There are too many: it will never be. */
        REFUSED,
        GONE
    }

    Place(Places places, Standing first, Runnable called) {
        this.places = places;
        this.standing = new AtomicReference<>(first);
        this.called = called;
    }

    Standing standing() {
        return standing.get();
    }

    /** Its turn has come. False if it does not wait any longer. */
    boolean call() {
        if (!standing.compareAndSet(Standing.IN_LINE, Standing.ADMITTED)) {
            return false;
        }
        places.called();
        called.run();
        return true;
    }

    /** Whether its request may be sent to another endpoint. */
    boolean mayRetry() {
        retrying = retrying || places.beginRetry();
        return retrying;
    }

    /** The request is over. */
    void leave() {
        Standing before = standing.getAndSet(Standing.GONE);
        switch (before) {
            case ADMITTED -> places.leave();
            case IN_LINE -> places.leaveLine(this);
            case REFUSED, GONE -> {}
        }
        if (retrying) {
            retrying = false;
            places.endRetry();
        }
    }
}
