package dev.linnet.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.failure.ApiFailure;
import dev.linnet.apiserver.http.StatusObject;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.select.Selection;
import dev.linnet.apiserver.store.Cursor;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.Snapshot;
import dev.linnet.apiserver.store.StoreClosed;
import dev.linnet.apiserver.store.StoreEvent;
import dev.linnet.apiserver.store.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** One watch, from its first event to its end. Runs on its client's own thread, so a slow client slows nobody. */
final class WatchStream {
    private static final Duration BOOKMARK_EVERY = Duration.ofSeconds(60);

    private final ObjectStore store;
    private final String resource;
    private final Watches.Wish wish;
    private final View view;
    private final OutputStream out;
    private final long end;
    private boolean first = true;
    private long nextBookmark;

    WatchStream(ObjectStore store, String resource, Watches.Wish wish, View view, OutputStream out) {
        this.store = store;
        this.resource = resource;
        this.wish = wish;
        this.view = view;
        this.out = out;
        this.end = System.nanoTime() + wish.length().toNanos();
        this.nextBookmark = System.nanoTime() + BOOKMARK_EVERY.toNanos();
    }

    void run() throws IOException, InterruptedException {
        // Clients wait for the status line before they consider themselves connected.
        out.flush();
        try {
            follow(start());
        } catch (ApiFailure e) {
            writeEvent("ERROR", StatusObject.of(e));
            out.flush();
        } catch (StoreClosed _) {
            // The connection ends with the server; clients reconnect.
            return;
        }
    }

    private Cursor start() throws IOException {
        if (wish.from() > store.version()) {
            // A version of an earlier life of an ephemeral server: the client must begin anew.
            throw ApiFailure.expired("too old resource version: " + wish.from() + " (" + store.version() + ")");
        }
        if (!wish.showExisting()) {
            return store.watch(resource, wish.from() == 0 ? store.version() : wish.from());
        }
        Snapshot snapshot = store.list(resource, wish.selection().namespace());
        for (StoredObject object : snapshot.objects()) {
            if (wish.selection().matches(object)) {
                writeEvent("ADDED", object);
            }
        }
        if (wish.announceStart()) {
            ObjectNode metadata = bookmarkMetadata(snapshot.version());
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            writeEvent("BOOKMARK", view.bookmark(metadata));
        }
        out.flush();
        return store.watch(resource, snapshot.version());
    }

    private void follow(Cursor cursor) throws IOException, InterruptedException {
        while (System.nanoTime() < end) {
            List<StoreEvent> events = cursor.next(patience());
            for (StoreEvent event : events) {
                write(event);
            }
            if (wish.bookmarks() && System.nanoTime() >= Math.min(nextBookmark, end)) {
                writeEvent("BOOKMARK", view.bookmark(bookmarkMetadata(cursor.version())));
                nextBookmark = System.nanoTime() + BOOKMARK_EVERY.toNanos();
            }
            out.flush();
        }
    }

    private Duration patience() {
        long until = wish.bookmarks() ? Math.min(end, nextBookmark) : end;
        return Duration.ofNanos(until - System.nanoTime());
    }

    private void write(StoreEvent event) throws IOException {
        Selection selection = wish.selection();
        switch (event) {
            case StoreEvent.Added added -> writeIf(selection.matches(added.object()), "ADDED", added.object());
            case StoreEvent.Deleted deleted ->
                writeIf(selection.matches(deleted.previous()), "DELETED", deleted.object());
            case StoreEvent.Modified modified -> writeModified(modified);
        }
    }

    /** To a client an object that leaves its selection is deleted, and one that enters it is added. */
    private void writeModified(StoreEvent.Modified modified) throws IOException {
        boolean before = wish.selection().matches(modified.previous());
        boolean after = wish.selection().matches(modified.object());
        if (after) {
            writeEvent(before ? "MODIFIED" : "ADDED", modified.object());
        } else if (before) {
            writeEvent("DELETED", modified.previous().under(modified.version()));
        }
    }

    private void writeIf(boolean wanted, String type, StoredObject object) throws IOException {
        if (wanted) {
            writeEvent(type, object);
        }
    }

    private void writeEvent(String type, StoredObject object) throws IOException {
        out.write(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
        view.writeEventObject(object, first, out);
        out.write('}');
        out.write('\n');
        first = false;
    }

    private void writeEvent(String type, ObjectNode object) throws IOException {
        ObjectNode event = Json.object().put("type", type);
        event.set("object", object);
        out.write(Json.bytes(event));
        out.write('\n');
    }

    private static ObjectNode bookmarkMetadata(long version) {
        return Json.object().put("resourceVersion", Long.toString(version)).putNull("creationTimestamp");
    }
}
