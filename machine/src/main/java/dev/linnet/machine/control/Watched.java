package dev.linnet.machine.control;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of one kind as the API last told them: a cache and its changes. Objects in it are shared and must not be
 * changed; copy them with their {@code edit()} builder.
 */
public final class Watched<T extends HasMetadata> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Watched.class);
    private static final String BY_OWNER = "owner";

    private final String kind;
    private final SharedIndexInformer<T> informer;
    private final CountDownLatch filled = new CountDownLatch(1);
    private volatile boolean closed;

    /**
     * @param kind     for messages
     * @param informer not yet started
     * @param trim     drops from a fresh object what nobody here reads, to save memory
     */
    Watched(String kind, SharedIndexInformer<T> informer, Consumer<T> trim) {
        this.kind = kind;
        this.informer = informer;
        informer.itemStore(new TrimmedStore<>(trim));
        informer.addIndexers(Map.of(BY_OWNER, Watched::ownerUids));
        informer.exceptionHandler((_, failure) -> {
            log.atDebug().addKeyValue("kind", kind).setCause(failure).log("Watch failed, will list again");
            return !closed;
        });
    }

    private static List<String> ownerUids(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .map(OwnerReference::getUid)
                .toList();
    }

    /** Calls back for each object that came, changed or went, with its last known content. Call before starting. */
    public void onChange(Consumer<? super T> touched) {
        onEvents(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                touched.accept(object);
            }

            @Override
            public void onUpdate(T before, T after) {
                if (moved(before, after)) {
                    touched.accept(before);
                }
                touched.accept(after);
            }

            @Override
            public void onDelete(T object, boolean stateIsOld) {
                touched.accept(object);
            }
        });
    }

    /** Whoever the object belonged to before must hear of it too: by label or by owner. */
    private static boolean moved(HasMetadata before, HasMetadata after) {
        return !before.getMetadata()
                        .getOwnerReferences()
                        .equals(after.getMetadata().getOwnerReferences())
                || !labels(before).equals(labels(after));
    }

    private static Map<String, String> labels(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    public void onEvents(ResourceEventHandler<? super T> handler) {
        informer.addEventHandler(handler);
    }

    public void start() {
        informer.start().whenComplete((_, failure) -> {
            if (failure != null && !closed) {
                log.atWarn().addKeyValue("kind", kind).setCause(failure).log("Cannot watch");
            }
            if (failure == null) {
                filled.countDown();
            }
        });
    }

    /**
     * Waits until the first list has arrived. Has no deadline of its own: whoever waits has nothing else to do, and is
     * interrupted when it is to end.
     */
    public void awaitFilled() throws InterruptedException {
        filled.await();
    }

    public boolean isFilled() {
        return filled.getCount() == 0;
    }

    public Optional<T> get(Key key) {
        return Optional.ofNullable(informer.getStore().getByKey(key.toString()));
    }

    public List<T> all() {
        return informer.getStore().list();
    }

    public List<T> inNamespace(String namespace) {
        return informer.getIndexer().byIndex(Cache.NAMESPACE_INDEX, namespace);
    }

    /** Objects that have an owner with this uid, controlling or not. */
    public List<T> ownedBy(String uid) {
        return informer.getIndexer().byIndex(BY_OWNER, uid);
    }

    @Override
    public void close() {
        closed = true;
        informer.close();
    }

    /** Strips objects on their way into the cache, before any handler sees them. */
    private static final class TrimmedStore<T extends HasMetadata> extends BasicItemStore<T> {
        private final Consumer<T> trim;

        TrimmedStore(Consumer<T> trim) {
            super(Cache::metaNamespaceKeyFunc);
            this.trim = trim;
        }

        @Override
        public T put(String key, T object) {
            object.getMetadata().setManagedFields(List.of());
            trim.accept(object);
            return super.put(key, object);
        }
    }
}
