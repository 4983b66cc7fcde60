package dev.linnet.controller.release;

import java.util.concurrent.Semaphore;

/**
 * How many turns are taken at once, so that thousands of Canaries do not flood the API server, and whose come first: a release whose new version
 * has users must not wait for its next step because hundreds of others begin, and of those, who has begun goes on before the next one begins:
 * if all went side by side, all would take their steps at the same moment, too. Whoever may not begin yet waits here, in a virtual thread.
 */
final class TurnOrder {
    private static final int AT_ONCE = 64;
    private static final int WITHOUT_USERS_AT_ONCE = 16;
    private static final int RESTING_AT_ONCE = 8;

    private final Semaphore all = new Semaphore(AT_ONCE, true);
    private final Semaphore withoutUsers = new Semaphore(WITHOUT_USERS_AT_ONCE, true);
    private final Semaphore resting = new Semaphore(RESTING_AT_ONCE, true);

    /** How far a release is; the first ones go first. */
    enum Rank {
        /** Users try its new version out. */
        HAS_USERS,
        /** It has begun or has passed, or its Canary is being made ready for the first one. */
        UNDER_WAY,
        RESTS
    }

    /** A turn. */
    @FunctionalInterface
    interface Work<T> {
        T take() throws InterruptedException;
    }

    <T> T in(Rank rank, Work<T> turn) throws InterruptedException {
        return switch (rank) {
            case HAS_USERS -> in(all, turn);
            case UNDER_WAY -> in(withoutUsers, () -> in(all, turn));
            case RESTS -> in(resting, () -> in(withoutUsers, () -> in(all, turn)));
        };
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
