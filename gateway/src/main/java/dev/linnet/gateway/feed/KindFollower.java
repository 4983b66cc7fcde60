package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows all objects of one kind. An informer from which nothing came for too long, not even a bookmark, may hang on a
 * connection that is dead without anybody having said so: it is replaced by one that lists again.
 */
final class KindFollower<T extends HasMetadata> {
    private static final Logger log = LoggerFactory.getLogger(KindFollower.class);

    /**
     * Objects are listed so many at a time: the first are read into routes while the next are on their way, and neither the text nor the
     * objects of a large cluster are ever in memory as a whole.
     */
    private static final long PAGE = 500;

    private final Kind<T> kind;
    private final Inbox inbox;
    private final LongSupplier nanoTime;
    private final long page;
    private final Set<Change.Key> known = new HashSet<>();
    private final CompletableFuture<Void> listed = new CompletableFuture<>();
    private Informable<T> source;
    private Set<Change.Key> untold = new HashSet<>();
    private boolean begun;
    private Watching watching;
    private Optional<String> version = Optional.empty();
    private long since;

    /**
     * What is particular to a kind.
     *
     * @param source where they are followed at first
     * @param shell  makes an object of nothing but metadata
     * @param change makes a change of an object that is there, or gone
     */
    record Kind<T extends HasMetadata>(
            String name,
            Informable<T> source,
            Function<ObjectMeta, T> shell,
            BiFunction<Change.Key, Optional<T>, Change> change) {

        Kind<T> at(Informable<T> there) {
            return new Kind<>(name, there, shell, change);
        }
    }

    KindFollower(Kind<T> kind, Inbox inbox, LongSupplier nanoTime) {
        this(kind, inbox, nanoTime, PAGE);
    }

    /** @param page how many objects are listed at a time */
    KindFollower(Kind<T> kind, Inbox inbox, LongSupplier nanoTime, long page) {
        this.kind = kind;
        this.inbox = inbox;
        this.nanoTime = nanoTime;
        this.page = page;
        this.source = kind.source();
        this.watching = new Watching();
        this.since = nanoTime.getAsLong();
    }

    /** Completes when each object that existed is in the inbox. */
    synchronized CompletableFuture<Void> start() {
        begin(watching);
        return listed;
    }

    private void begin(Watching fresh) {
        CompletableFuture<Void> _ = fresh.start().thenRun(() -> stored(fresh));
    }

    /** All objects are in the store. The informer may say so before its handler has told the last of them. */
    private synchronized void stored(Watching fresh) {
        if (fresh == watching) {
            tellWhatIsGone(fresh);
            untold = fresh.keys();
            untold.removeAll(known);
            begun = true;
            completeWhenTold();
        }
    }

    private void completeWhenTold() {
        if (begun && untold.isEmpty()) {
            listed.complete(null);
        }
    }

    /** Begins anew if nothing has come for so long. */
    synchronized void replaceIfSilent(Duration longest) {
        Optional<String> now = Optional.ofNullable(watching.informer.lastSyncResourceVersion());
        if (now.isEmpty() || !now.equals(version)) { // Not listed yet: the informer itself tries again and again.
            version = now;
            since = nanoTime.getAsLong();
            return;
        }
        if (nanoTime.getAsLong() - since < longest.toNanos()) {
            return;
        }
        log.atInfo()
                .addKeyValue("kind", kind.name())
                .addKeyValue("silence", longest)
                .log("Watch is silent, listing again");
        listAgain();
    }

    /** Follows what there is from now on, and tells which of those that it has followed are not there. */
    synchronized void follow(Informable<T> there) {
        source = there;
        listAgain();
    }

    private void listAgain() {
        watching.informer.stop();
        version = Optional.empty();
        watching = new Watching();
        begin(watching);
    }

    /** What was deleted while nobody looked: the old informer did not see it, and the new one never knew it. */
    private void tellWhatIsGone(Watching fresh) {
        Set<Change.Key> there = fresh.keys();
        List.copyOf(known).stream().filter(key -> !there.contains(key)).forEach(key -> tell(key, Optional.empty()));
    }

    synchronized void stop() {
        watching.informer.stop();
    }

    /** Whether an object was there when it was last heard of. */
    synchronized boolean knows(Change.Key key) {
        return known.contains(key);
    }

    private void tell(Change.Key key, Optional<T> now) {
        if (now.isPresent()) {
            known.add(key);
        } else {
            known.remove(key);
        }
        inbox.put(kind.change().apply(key, now));
        untold.remove(key);
        completeWhenTold();
    }

    /** One informer and its store. Its handler runs on the informer's thread, and does nothing but hand over. */
    private final class Watching implements ResourceEventHandler<T> {
        private final SlimStore<T> store = new SlimStore<>(kind.shell());
        private final SharedIndexInformer<T> informer = source.withLimit(page).runnableInformer(0);

        CompletableFuture<Void> start() {
            informer.removeNamespaceIndex();
            informer.itemStore(store);
            informer.exceptionHandler((_, cause) -> {
                log.atWarn()
                        .addKeyValue("kind", kind.name())
                        .addKeyValue("cause", cause.toString())
                        .log("Kubernetes API cannot be followed, trying again; the last routes stay in force");
                return true;
            });
            informer.addEventHandler(this);
            return informer.start().toCompletableFuture();
        }

        Set<Change.Key> keys() {
            return store.values().map(this::key).collect(Collectors.toCollection(HashSet::new));
        }

        private Change.Key key(T object) {
            ObjectMeta meta = object.getMetadata();
            String namespace = Optional.ofNullable(meta.getNamespace()).orElse("");
            return new Change.Key(kind.name(), namespace, meta.getName());
        }

        @Override
        public void onAdd(T object) {
            tell(object, Optional.of(object));
        }

        @Override
        public void onUpdate(T before, T object) {
            tell(object, Optional.of(object));
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            tell(object, Optional.empty());
        }

        private void tell(T object, Optional<T> now) {
            Change.Key key = key(object);
            synchronized (KindFollower.this) {
                if (watching == this) { // Late news of a replaced informer may be older than what is known.
                    KindFollower.this.tell(key, now);
                }
            }
        }
    }
}
