package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.function.Function;

/**
 * Lets an informer remember of each object only what it needs to notice changes; what routing needs is in the indexes. A whole
 * object would be kept twice.
 */
final class SlimStore<T extends HasMetadata> extends BasicItemStore<T> {
    private final Function<ObjectMeta, T> shell;

    SlimStore(Function<ObjectMeta, T> shell) {
        super(Cache::metaNamespaceKeyFunc);
        this.shell = shell;
    }

    @Override
    public T put(String key, T object) {
        ObjectMeta meta = object.getMetadata();
        return super.put(
                key,
                shell.apply(new ObjectMetaBuilder()
                        .withNamespace(meta.getNamespace())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .withResourceVersion(meta.getResourceVersion())
                        .build()));
    }

    /** So that the first objects are told as they arrive, and not later from this store. */
    @Override
    public boolean isFullState() {
        return false;
    }
}
