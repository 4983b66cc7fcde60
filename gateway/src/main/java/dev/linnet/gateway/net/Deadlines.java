package dev.linnet.gateway.net;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The deadlines of one event loop's connections, looked at a few times a second. No timer object per request: setting a deadline
 * writes one number. Thereby one is met up to two ticks late, never early.
 */
public final class Deadlines {
    /** How often {@link #tick} is called. */
    static final long TICK_MILLIS = 100;

    private final LongSupplier nanoTime;
    private final List<Deadline> all = new ArrayList<>();
    private long now;

    Deadlines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.now = nanoTime.getAsLong();
    }

    /** One connection's deadline. It belongs to the loop until it is removed. */
    public final class Deadline {
        private final Runnable expired;
        private boolean set;
        private long at;
        private int place;

        private Deadline(Runnable expired) {
            this.expired = expired;
        }

        /** Counts from now on; replaces what was set before. */
        public void in(long nanos) {
            set = true;
            at = now + TICK_MILLIS * 1_000_000 + nanos;
        }

        public void never() {
            set = false;
        }

        public void remove() {
            set = false;
            if (place >= 0) {
                Deadline moved = all.removeLast();
                if (moved.place != place) {
                    moved.place = place;
                    all.set(place, moved);
                }
                place = -1;
            }
        }
    }

    /** @param expired called on the loop, which is the only one to use it */
    public Deadline add(Runnable expired) {
        Deadline deadline = new Deadline(expired);
        deadline.place = all.size();
        all.add(deadline);
        return deadline;
    }

    /** Calls all that are due. From the last to the first, because one that is due may remove itself. */
    void tick() {
        now = nanoTime.getAsLong();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (i >= all.size()) {
                continue; // several were removed at once
            }
            Deadline deadline = all.get(i);
            if (deadline.set && now - deadline.at >= 0) {
                deadline.set = false;
                deadline.expired.run();
            }
        }
    }
}
