package dev.linnet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that gives out versions and writes the journal. What waits while a group is being synced becomes the
 * next group, so the cost of a sync is shared by all who write at that time.
 */
final class Committer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Committer.class);
    private static final int QUEUE = 4_096;
    private static final int GROUP = 512;
    private static final long PATIENCE_SECONDS = 30;

    private final Journal journal;
    private final ToLongFunction<ObjectKey> storedVersion;
    private final Consumer<Journal.Entry> publish;
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private volatile boolean closed;
    private long version;

    private record Pending(ObjectKey key, ObjectNode object, boolean removed, CompletableFuture<Void> done) {}

    /**
     * @param version       the last version given out so far
     * @param storedVersion the version under a key now, 0 if there is none
     * @param publish       makes a change visible; called in order, after its group is safe
     */
    Committer(Journal journal, long version, ToLongFunction<ObjectKey> storedVersion, Consumer<Journal.Entry> publish) {
        this.journal = journal;
        this.version = version;
        this.storedVersion = storedVersion;
        this.publish = publish;
        this.thread = Thread.ofPlatform().name("object-store").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Returns when the change is safe and visible. The caller holds the key's lock and no longer owns the tree. */
    void commit(ObjectKey key, ObjectNode object, boolean removed) {
        Pending pending = new Pending(key, object, removed, new CompletableFuture<>());
        try {
            if (closed || !queue.offer(pending, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new StoreClosed();
            }
            pending.done().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalFailure("interrupted while storing", e);
        } catch (TimeoutException e) {
            throw new JournalFailure("not stored within " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new JournalFailure("not stored", e);
        }
    }

    private void run() {
        List<Pending> group = new ArrayList<>(GROUP);
        while (!closed || !queue.isEmpty()) {
            try {
                Pending first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, GROUP - 1);
                    commitGroup(group);
                }
            } catch (InterruptedException e) {
                closed = true;
            } finally {
                group.clear();
            }
        }
        refuseRest();
    }

    private void refuseRest() {
        List<Pending> rest = new ArrayList<>();
        queue.drainTo(rest);
        rest.forEach(pending -> pending.done().completeExceptionally(new StoreClosed()));
    }

    private void commitGroup(List<Pending> group) {
        try {
            List<Journal.Entry> entries = group.stream().map(this::entry).toList();
            journal.append(entries);
            entries.forEach(publish);
            group.forEach(pending -> pending.done().complete(null));
        } catch (RuntimeException e) {
            group.forEach(pending -> pending.done().completeExceptionally(e));
            return;
        }
        try {
            journal.tidy();
        } catch (JournalFailure e) {
            log.atWarn().setCause(e).log("Old changes stay on disk");
        }
    }

    private Journal.Entry entry(Pending pending) {
        version++;
        Meta.of(pending.object()).setResourceVersion(version);
        StoredObject object = new StoredObject(pending.key(), version, Json.bytes(pending.object()));
        return new Journal.Entry(object, pending.removed(), storedVersion.applyAsLong(pending.key()));
    }

    /** Writes what was accepted, then stops. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(Duration.ofSeconds(PATIENCE_SECONDS))) {
                log.atWarn().log("The journal did not finish in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
