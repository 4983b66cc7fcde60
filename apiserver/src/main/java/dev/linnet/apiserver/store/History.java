package dev.linnet.apiserver.store;

import dev.linnet.apiserver.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * The last changes of one resource, in order. Guarded by its shelf's lock.
 *
 * <p>Watchers hold a position in it instead of having queues of their own: a slow one costs nothing, and one that fell
 * behind the bounds is told so.
 */
final class History {
    /** Old events leave in chunks, so that removing from the front of an array stays cheap. */
    private static final int SLACK = 256;

    private final HistoryBounds bounds;
    private final List<StoreEvent> events = new ArrayList<>();
    private long firstPosition;
    private long bytes;
    /** Everything after this version is known. */
    private long floor;

    History(HistoryBounds bounds, long floor) {
        this.bounds = bounds;
        this.floor = floor;
    }

    void add(StoreEvent event) {
        events.add(event);
        bytes += event.object().size();
        if (events.size() > bounds.events() + SLACK || bytes > bounds.bytes() + bounds.bytes() / 8) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        int count = 0;
        while (events.size() - count > bounds.events() || (bytes > bounds.bytes() && count < events.size() - 1)) {
            StoreEvent oldest = events.get(count++);
            bytes -= oldest.object().size();
            floor = oldest.version();
        }
        events.subList(0, count).clear();
        firstPosition += count;
    }

    /** The position after which all events are newer than {@code version}. */
    long positionAfter(long version) {
        requireKnown(version);
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).version() <= version) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return firstPosition + low;
    }

    long end() {
        return firstPosition + events.size();
    }

    List<StoreEvent> from(long position, int limit) {
        if (position < firstPosition) {
            throw ApiFailure.expired("The resourceVersion for the provided watch is too old.");
        }
        int start = (int) (position - firstPosition);
        return List.copyOf(events.subList(start, start + Math.min(limit, events.size() - start)));
    }

    long floor() {
        return floor;
    }

    void requireKnown(long version) {
        if (version < floor) {
            throw ApiFailure.expired("too old resource version: " + version + " (" + floor + ")");
        }
    }
}
