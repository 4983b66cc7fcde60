package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets an informer remember of each object only what it needs to notice changes; what routing needs is in the indexes. A whole
 * object would be kept twice.
 */
final class SlimStore<T extends HasMetadata> implements ItemStore<T> {
    private final Function<ObjectMeta, T> shell;
    private final Map<String, Version> versions = new ConcurrentHashMap<>();

    private record Version(@Nullable String uid, @Nullable String resourceVersion) {}

    SlimStore(Function<ObjectMeta, T> shell) {
        this.shell = shell;
    }

    @Override
    public String getKey(T object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public @Nullable T put(String key, T object) {
        ObjectMeta meta = object.getMetadata();
        return shell(key, versions.put(key, new Version(meta.getUid(), meta.getResourceVersion())));
    }

    @Override
    public @Nullable T remove(String key) {
        return shell(key, versions.remove(key));
    }

    @Override
    public @Nullable T get(String key) {
        return shell(key, versions.get(key));
    }

    @Override
    public Stream<String> keySet() {
        return versions.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return keySet().flatMap(key -> Optional.ofNullable(get(key)).stream());
    }

    @Override
    public int size() {
        return versions.size();
    }

    /** So that the first objects are told as they arrive, and not later from this store. */
    @Override
    public boolean isFullState() {
        return false;
    }

    /** @param key {@code namespace/name}, or the name alone */
    private @Nullable T shell(String key, @Nullable Version version) {
        if (version == null) {
            return null;
        }
        int slash = key.indexOf('/');
        return shell.apply(Slim.shell(
                slash < 0 ? null : key.substring(0, slash),
                key.substring(slash + 1),
                version.uid,
                version.resourceVersion));
    }
}
