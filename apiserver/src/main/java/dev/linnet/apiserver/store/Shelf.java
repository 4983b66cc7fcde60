package dev.linnet.apiserver.store;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** All objects of one resource, with its recent history. */
final class Shelf {
    private final String resource;
    /** The store's version. Set inside this lock, so a list and the version it is labelled with always fit. */
    private final AtomicLong published;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final NavigableMap<ObjectKey, StoredObject> objects = new TreeMap<>();
    private final History history;
    private long lastChange;
    private boolean closed;

    Shelf(String resource, AtomicLong published, HistoryBounds bounds, long floor) {
        this.resource = resource;
        this.published = published;
        this.history = new History(bounds, floor);
    }

    /** Called in order of versions, by one thread at a time. */
    void apply(StoredObject object, boolean removed) {
        lock.lock();
        try {
            StoredObject previous = removed ? objects.remove(object.key()) : objects.put(object.key(), object);
            if (object.version() > history.floor()) {
                eventOf(object, previous, removed).ifPresent(history::add);
            }
            lastChange = object.version();
            published.set(object.version());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static Optional<StoreEvent> eventOf(StoredObject object, @Nullable StoredObject previous, boolean removed) {
        if (previous == null) {
            return removed ? Optional.empty() : Optional.of(new StoreEvent.Added(object));
        }
        return Optional.of(
                removed ? new StoreEvent.Deleted(object, previous) : new StoreEvent.Modified(object, previous));
    }

    Optional<StoredObject> get(ObjectKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(objects.get(key));
        } finally {
            lock.unlock();
        }
    }

    /** @param namespace empty for all */
    Snapshot now(String namespace) {
        lock.lock();
        try {
            return new Snapshot(
                    published.get(), List.copyOf(within(objects, namespace).values()));
        } finally {
            lock.unlock();
        }
    }

    /** The objects as they were, found by undoing what happened since. */
    Snapshot at(long version, String namespace) {
        lock.lock();
        try {
            history.requireKnown(version);
            NavigableMap<ObjectKey, StoredObject> then = new TreeMap<>(within(objects, namespace));
            List<StoreEvent> since = history.from(history.positionAfter(version), Integer.MAX_VALUE);
            for (StoreEvent event : since.reversed()) {
                if (namespace.isEmpty() || event.object().key().namespace().equals(namespace)) {
                    undo(then, event);
                }
            }
            return new Snapshot(version, new ArrayList<>(then.values()));
        } finally {
            lock.unlock();
        }
    }

    private static void undo(NavigableMap<ObjectKey, StoredObject> objects, StoreEvent event) {
        switch (event) {
            case StoreEvent.Added added -> objects.remove(added.object().key());
            case StoreEvent.Modified modified -> objects.put(modified.object().key(), modified.previous());
            case StoreEvent.Deleted deleted -> objects.put(deleted.object().key(), deleted.previous());
        }
    }

    private NavigableMap<ObjectKey, StoredObject> within(NavigableMap<ObjectKey, StoredObject> all, String namespace) {
        if (namespace.isEmpty()) {
            return all;
        }
        return all.subMap(
                new ObjectKey(resource, namespace, ""), true, new ObjectKey(resource, namespace + "\0", ""), false);
    }

    /** Version of the last change to any object here; 0 if there was none since the history began. */
    long lastChange() {
        lock.lock();
        try {
            return lastChange;
        } finally {
            lock.unlock();
        }
    }

    Cursor cursorAfter(long version) {
        lock.lock();
        try {
            return new Cursor(this, history.positionAfter(version), version);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for events at or after a position.
     *
     * @param nanos how long to wait; the batch is empty when nothing came
     */
    Cursor.Batch await(long position, int limit, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (history.end() <= position && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<StoreEvent> events = history.from(position, limit);
            boolean caughtUp = position + events.size() == history.end();
            return new Cursor.Batch(
                    events, caughtUp ? published.get() : events.getLast().version(), closed);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
