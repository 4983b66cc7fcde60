package dev.linnet.controller.release;

import java.util.concurrent.Semaphore;

/**
 * How many turns are taken at once, so that thousands of Canaries do not flood the API server, and whose come first: a release whose new version
 * has users must not wait for its next step because hundreds of others begin. Whoever may not begin yet waits here, in a virtual thread.
 */
final class TurnOrder {
    private static final int AT_ONCE = 64;
    private static final int OTHERS_AT_ONCE = 16;

    private final Semaphore all = new Semaphore(AT_ONCE, true);
    private final Semaphore others = new Semaphore(OTHERS_AT_ONCE, true);

    /** A turn. */
    @FunctionalInterface
    interface Work<T> {
        T take() throws InterruptedException;
    }

    /** @param first whether its new version has users */
    <T> T in(boolean first, Work<T> turn) throws InterruptedException {
        return first ? in(all, turn) : in(others, () -> in(all, turn));
    }

    private static <T> T in(Semaphore places, Work<T> turn) throws InterruptedException {
        places.acquire();
        try {
            return turn.take();
        } finally {
            places.release();
        }
    }
}
