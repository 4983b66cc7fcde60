package dev.linnet.apiserver.store;

import java.time.Duration;
import java.util.List;

/**
 * A reader's place in the changes of one resource: each change after its start once, in order. For one thread.
 *
 * @see ObjectStore#watch
 */
public final class Cursor {
    private static final int BATCH = 256;

    private final Shelf shelf;
    private long position;
    private long version;

    Cursor(Shelf shelf, long position, long version) {
        this.shelf = shelf;
        this.position = position;
        this.version = version;
    }

    /**
     * @param version everything of this resource up to it has been handed out once this batch is
     * @param closed  the store is closing; nothing more will come
     */
    record Batch(List<StoreEvent> events, long version, boolean closed) {}

    /**
     * Waits until there is something new, at most so long.
     *
     * @return the next changes; empty when time ran out
     * @throws dev.linnet.apiserver.failure.ApiFailure 410 when the reader fell behind the kept history
     * @throws StoreClosed when the store is closing
     */
    public List<StoreEvent> next(Duration patience) throws InterruptedException {
        Batch batch = shelf.await(position, BATCH, Math.max(0, patience.toNanos()));
        if (batch.closed() && batch.events().isEmpty()) {
            throw new StoreClosed();
        }
        position += batch.events().size();
        version = Math.max(version, batch.version());
        return batch.events();
    }

    /** A watch that starts from this version continues where this one is. */
    public long version() {
        return version;
    }
}
