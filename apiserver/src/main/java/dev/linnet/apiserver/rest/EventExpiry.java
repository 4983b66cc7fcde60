package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.store.Decision;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoreClosed;
import dev.linnet.apiserver.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Removes Events an hour after they last happened, so that they do not pile up. */
final class EventExpiry implements AutoCloseable {
    private static final String EVENTS = "events";
    private static final Duration LIFE = Duration.ofHours(1);
    private static final long PAUSE_SECONDS = 60;
    private static final List<String> TIMES =
            List.of("/metadata/creationTimestamp", "/eventTime", "/lastTimestamp", "/series/lastObservedTime");

    private final ObjectStore store;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("event-expiry").unstarted(this::run);

    EventExpiry(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!stop.await(PAUSE_SECONDS, TimeUnit.SECONDS)) {
                removeOld();
            }
        } catch (InterruptedException | StoreClosed _) {
            // The server is closing.
            return;
        }
    }

    void removeOld() {
        Instant oldest = clock.instant().minus(LIFE);
        for (StoredObject event : store.list(EVENTS, "").objects()) {
            if (lastSeen(event.tree()).isBefore(oldest)) {
                remove(event.key(), oldest);
            }
        }
    }

    /** Looks again, with nobody in between: it may have happened once more. */
    private void remove(ObjectKey key, Instant oldest) {
        store.change(key, live -> {
            ObjectNode event = live.map(StoredObject::tree).orElseGet(Json::object);
            boolean old = live.isPresent() && lastSeen(event).isBefore(oldest);
            return old ? new Decision.Remove(event) : new Decision.Leave(event);
        });
    }

    private static Instant lastSeen(ObjectNode event) {
        Instant last = Instant.MIN;
        for (String pointer : TIMES) {
            Instant time = time(event.at(pointer).asText(""));
            last = time.isAfter(last) ? time : last;
        }
        return last;
    }

    private static Instant time(String text) {
        try {
            return text.isEmpty() ? Instant.MIN : Instant.parse(text);
        } catch (DateTimeParseException _) {
            return Instant.MIN;
        }
    }

    @Override
    public void close() {
        stop.countDown();
    }
}
