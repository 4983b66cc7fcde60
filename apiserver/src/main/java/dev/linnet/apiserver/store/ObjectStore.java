package dev.linnet.apiserver.store;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of the server, in memory, with one increasing version for every change to any of them.
 *
 * <p>A change is visible, to readers and watchers alike, once the journal holds it and not before: nobody ever acts on
 * something that a crash could take back. Writers of one key take turns; writers of different keys share a sync.
 */
public final class ObjectStore implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ObjectStore.class);
    private static final int STRIPES = 1_024;

    private final Journal journal;
    private final HistoryBounds bounds;
    private final AtomicLong published = new AtomicLong();
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();
    private final ReentrantLock[] turns = new ReentrantLock[STRIPES];
    private final Committer committer;

    private ObjectStore(Journal journal, HistoryBounds bounds) {
        this.journal = journal;
        this.bounds = bounds;
        for (int i = 0; i < STRIPES; i++) {
            turns[i] = new ReentrantLock();
        }
        journal.replay(this::publish);
        this.committer = new Committer(journal, published.get(), this::versionOf, this::publish);
    }

    /** Reads everything the journal holds. The store owns the journal from here on. */
    public static ObjectStore open(Journal journal, HistoryBounds bounds) {
        ObjectStore store = new ObjectStore(journal, bounds);
        store.committer.start();
        log.atDebug().addKeyValue("version", store.version()).log("Store opened");
        return store;
    }

    public Optional<StoredObject> get(ObjectKey key) {
        return shelf(key.resource()).get(key);
    }

    /** @param namespace empty for all */
    public Snapshot list(String resource, String namespace) {
        return shelf(resource).now(namespace);
    }

    /**
     * The objects as they were at a version.
     *
     * @throws dev.linnet.apiserver.failure.ApiFailure 410 when that is longer ago than history reaches
     */
    public Snapshot listAt(long version, String resource, String namespace) {
        return shelf(resource).at(version, namespace);
    }

    /**
     * Reads on from a version: each change after it once, in order.
     *
     * @throws dev.linnet.apiserver.failure.ApiFailure 410 when that is longer ago than history reaches
     */
    public Cursor watch(String resource, long after) {
        return shelf(resource).cursorAfter(after);
    }

    /** Version of the last change of any object. */
    public long version() {
        return published.get();
    }

    /** Version of the last change of any object of this resource. */
    public long lastChange(String resource) {
        return shelf(resource).lastChange();
    }

    /**
     * Reads, decides and writes one object with nobody in between.
     *
     * @param decide gets what is stored now; what it throws reaches the caller and nothing is written. It must not change
     *     another object, which could wait for this one
     * @return the decision, its object carrying the new version; by then it is durable and visible
     */
    public Decision change(ObjectKey key, Function<Optional<StoredObject>, Decision> decide) {
        ReentrantLock turn = turns[Math.floorMod(key.hashCode(), STRIPES)];
        turn.lock();
        try {
            Decision decision = decide.apply(get(key));
            switch (decision) {
                case Decision.Put put -> committer.commit(key, put.object(), false);
                case Decision.Remove remove -> committer.commit(key, remove.object(), true);
                case Decision.Leave _ -> {}
            }
            return decision;
        } finally {
            turn.unlock();
        }
    }

    private long versionOf(ObjectKey key) {
        return get(key).map(StoredObject::version).orElse(0L);
    }

    private void publish(Journal.Entry entry) {
        shelf(entry.object().key().resource()).apply(entry.object(), entry.removed());
    }

    private Shelf shelf(String resource) {
        return shelves.computeIfAbsent(resource, name -> new Shelf(name, published, bounds, journal.historyStart()));
    }

    /** Whoever waits for changes is told that none will come. */
    public void endWatches() {
        shelves.values().forEach(Shelf::close);
    }

    /** Ends all watches, finishes the writes that were accepted, and closes the journal. */
    @Override
    public void close() {
        endWatches();
        committer.close();
        journal.close();
    }
}
