package dev.linnet.apiserver.rest;

import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.store.Cursor;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoreClosed;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a piece of work whenever an object of one resource has changed, on a thread of its own. The work looks at all of them each time. */
final class Follower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Follower.class);
    /** Long enough to cost nothing, short enough that what went wrong once heals. */
    static final Duration NOTHING_TO_DO = Duration.ofMinutes(10);

    private final ObjectStore store;
    private final String resource;
    private final Supplier<Duration> work;
    private final Thread thread;

    /** @param work returns when it wants to be done again if nothing changes */
    Follower(ObjectStore store, String resource, Supplier<Duration> work) {
        this.store = store;
        this.resource = resource;
        this.work = work;
        this.thread = Thread.ofVirtual().name("follow-" + resource).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            // The version first: what changes after it wakes us.
            Cursor cursor = store.watch(resource, store.version());
            while (!Thread.currentThread().isInterrupted()) {
                cursor = afterNext(cursor, work());
            }
        } catch (StoreClosed | InterruptedException _) {
            log.atDebug().addKeyValue("resource", resource).log("Follower ended");
        }
    }

    private Duration work() {
        try {
            return work.get();
        } catch (ApiFailure e) {
            log.atWarn().addKeyValue("resource", resource).setCause(e).log("Could not follow a change");
            return NOTHING_TO_DO;
        }
    }

    private Cursor afterNext(Cursor cursor, Duration patience) throws InterruptedException {
        try {
            cursor.next(patience);
            return cursor;
        } catch (ApiFailure _) {
            // Fell behind the history; the work looks at everything anyway.
            return store.watch(resource, store.version());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
