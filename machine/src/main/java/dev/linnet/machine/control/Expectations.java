package dev.linnet.machine.control;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which of our own creations and deletions the cache has yet to show. While some are open, counting Pods would count wrong
 * and create them twice.
 */
public final class Expectations {
    /** After this long without news the watch is taken to have lost something, and the count is trusted again. */
    private static final Duration FORGET_AFTER = Duration.ofMinutes(5);

    private final InstantSource clock;
    private final Map<Key, Open> byOwner = new HashMap<>();

    private static final class Open {
        private final Instant since;
        private int creations;
        private final Set<String> deletions = new HashSet<>();

        Open(Instant since) {
            this.since = since;
        }

        boolean isSettled() {
            return creations <= 0 && deletions.isEmpty();
        }
    }

    public Expectations(InstantSource clock) {
        this.clock = clock;
    }

    /** Call before creating, so that news cannot overtake it. */
    public synchronized void expectCreations(Key owner, int count) {
        open(owner).creations += count;
    }

    /** Call before deleting. */
    public synchronized void expectDeletion(Key owner, String uid) {
        open(owner).deletions.add(uid);
    }

    private Open open(Key owner) {
        return byOwner.computeIfAbsent(owner, _ -> new Open(clock.instant()));
    }

    /** The cache showed a creation, or it failed. */
    public synchronized void created(Key owner) {
        Open open = byOwner.get(owner);
        if (open != null) {
            open.creations--;
            settle(owner, open);
        }
    }

    /** The cache showed that it is going or gone, or the deletion failed. */
    public synchronized void deleted(Key owner, String uid) {
        Open open = byOwner.get(owner);
        if (open != null && open.deletions.remove(uid)) {
            settle(owner, open);
        }
    }

    private void settle(Key owner, Open open) {
        if (open.isSettled()) {
            byOwner.remove(owner);
        }
    }

    public synchronized boolean areMet(Key owner) {
        Open open = byOwner.get(owner);
        if (open != null && open.since.plus(FORGET_AFTER).isBefore(clock.instant())) {
            byOwner.remove(owner);
            return true;
        }
        return open == null;
    }

    public synchronized void forget(Key owner) {
        byOwner.remove(owner);
    }
}
