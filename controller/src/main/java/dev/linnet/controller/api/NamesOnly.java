package dev.linnet.controller.api;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.function.Function;

/** What an informer keeps of objects of which only the changes matter: enough to notice them. Decisions read live. */
public final class NamesOnly<T extends HasMetadata> extends BasicItemStore<T> {
    private final Function<ObjectMeta, T> shell;

    /** @param shell makes an object of that metadata */
    public NamesOnly(Function<ObjectMeta, T> shell) {
        super(Cache::metaNamespaceKeyFunc);
        this.shell = shell;
    }

    /** For objects of a kind that has no class of its own. */
    public static NamesOnly<GenericKubernetesResource> of(String apiVersion, String kind) {
        return new NamesOnly<>(meta -> new GenericKubernetesResourceBuilder()
                .withApiVersion(apiVersion)
                .withKind(kind)
                .withMetadata(meta)
                .build());
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
