package dev.linnet.controller.api;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/** What is kept of objects that are followed: all but the account of who owns which of their fields, which would be the larger half. */
public final class LeanStore<T extends HasMetadata> extends BasicItemStore<T> {
    /** How many objects are to be listed at once: all those of a large cluster would need more memory for a moment than anything later. */
    public static final long PAGE = 500;

    public LeanStore() {
        super(Cache::metaNamespaceKeyFunc);
    }

    /** Who has written the object is still known, and when. */
    @Override
    public T put(String key, T object) {
        object.getMetadata().getManagedFields().forEach(entry -> entry.setFieldsV1(null));
        return super.put(key, object);
    }
}
