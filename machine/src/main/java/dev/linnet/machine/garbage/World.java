package dev.linnet.machine.garbage;

import dev.linnet.machine.control.ApiKind;
import dev.linnet.machine.control.ApiKinds;
import dev.linnet.machine.control.Informers;
import dev.linnet.machine.control.Watched;
import dev.linnet.machine.garbage.Node.GroupKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Names, owners and finalizers of all objects of all kinds that can have or be owners, custom resources too. Kinds that
 * controllers watch anyway are not watched twice.
 */
final class World implements AutoCloseable {
    /** Far too many of them, and they belong to nobody. */
    private static final Set<String> NOT_WATCHED = Set.of("Event");

    private final KubernetesClient client;
    private final Informers informers;
    private final Listener listener;
    private final Map<GroupKind, Watched<?>> shared = new HashMap<>();
    private final Map<GroupKind, Watched<?>> own = new ConcurrentHashMap<>();
    private volatile Map<GroupKind, ApiKind> kinds = Map.of();
    private boolean closed;

    /** Hears of every object. */
    interface Listener {
        void changed(GroupKind kind, HasMetadata before, HasMetadata after);

        void removed(GroupKind kind, HasMetadata object);
    }

    World(KubernetesClient client, Informers informers, Listener listener) {
        this.client = client;
        this.informers = informers;
        this.listener = listener;
        informers.whole().forEach((type, watched) -> {
            GroupKind kind = new GroupKind(HasMetadata.getGroup(type), HasMetadata.getKind(type));
            shared.put(kind, watched);
            listen(kind, watched);
        });
    }

    private void listen(GroupKind kind, Watched<?> watched) {
        watched.onEvents(new ResourceEventHandler<HasMetadata>() {
            @Override
            public void onAdd(HasMetadata object) {
                listener.changed(kind, object, object);
            }

            @Override
            public void onUpdate(HasMetadata before, HasMetadata after) {
                listener.changed(kind, before, after);
            }

            @Override
            public void onDelete(HasMetadata object, boolean stateIsOld) {
                listener.removed(kind, object);
            }
        });
    }

    /** Asks which kinds there are now, watches the new ones and no longer those that have gone. */
    void discover() throws InterruptedException {
        Map<GroupKind, ApiKind> found = new HashMap<>();
        for (ApiKind kind : ApiKinds.discover(client)) {
            if (kind.isCollectable() && !NOT_WATCHED.contains(kind.kind())) {
                found.putIfAbsent(new GroupKind(kind.group(), kind.kind()), kind);
            }
        }
        List<Watched<?>> caches = new ArrayList<>(shared.values());
        caches.addAll(follow(found));
        for (Watched<?> cache : caches) {
            cache.awaitFilled();
        }
    }

    /** @return the caches that were not there before */
    private synchronized List<Watched<?>> follow(Map<GroupKind, ApiKind> found) {
        if (closed) {
            return List.of();
        }
        List<Watched<?>> fresh = new ArrayList<>();
        kinds = Map.copyOf(found);
        found.forEach((groupKind, kind) -> {
            if (!shared.containsKey(groupKind) && !own.containsKey(groupKind)) {
                Watched<?> watched = informers.metadataOf(kind);
                listen(groupKind, watched);
                own.put(groupKind, watched);
                fresh.add(watched);
            }
        });
        own.entrySet().removeIf(entry -> {
            boolean gone = !found.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        fresh.forEach(Watched::start);
        return fresh;
    }

    Optional<ApiKind> kind(GroupKind kind) {
        return Optional.ofNullable(kinds.get(kind));
    }

    /** The object if it is the very one, and not another of the same name. */
    Optional<HasMetadata> get(Node node) {
        return cache(node.kind())
                .flatMap(cache -> cache.get(node.key()).map(HasMetadata.class::cast))
                .filter(object -> node.uid().equals(object.getMetadata().getUid()));
    }

    private Optional<Watched<?>> cache(GroupKind kind) {
        Watched<?> cache = shared.get(kind);
        return Optional.ofNullable(cache == null ? own.get(kind) : cache);
    }

    /** A dependent, and what it is. */
    record Found(Node node, HasMetadata object) {}

    List<Found> dependents(String uid) {
        return Stream.concat(shared.entrySet().stream(), own.entrySet().stream())
                .flatMap(entry -> entry.getValue().ownedBy(uid).stream()
                        .map(object -> new Found(Node.of(entry.getKey(), object), object)))
                .toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        own.values().forEach(Watched::close);
    }
}
