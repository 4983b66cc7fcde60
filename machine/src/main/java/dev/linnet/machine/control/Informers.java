package dev.linnet.machine.control;

import dev.linnet.machine.Part;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The caches that controllers share, one per kind, so that each kind is listed and watched once. */
public final class Informers implements Part {
    /** How often every object is shown again, so that a lost wake-up heals. */
    private static final Duration RESYNC = Duration.ofMinutes(10);

    private final KubernetesClient client;
    private final Map<Class<? extends HasMetadata>, Watched<?>> byKind = new LinkedHashMap<>();
    private final List<Watched<?>> partial = new ArrayList<>();

    public Informers(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "informers";
    }

    /** The cache of a kind in all namespaces. Ask before {@link #start()}. */
    @SuppressWarnings("unchecked") // The map's key says the type of its value.
    public <T extends HasMetadata> Watched<T> of(Class<T> kind) {
        return (Watched<T>) byKind.computeIfAbsent(kind, _ -> watch(kind));
    }

    private <T extends HasMetadata> Watched<T> watch(Class<T> kind) {
        var informer = client.resources(kind).inAnyNamespace().runnableInformer(RESYNC.toMillis());
        return new Watched<>(kind.getSimpleName(), informer, _ -> {});
    }

    /** Objects of one name only, in all namespaces; a cache of its own. Ask before {@link #start()}. */
    public <T extends HasMetadata> Watched<T> named(Class<T> kind, String name) {
        var informer = client.resources(kind)
                .inAnyNamespace()
                .withField("metadata.name", name)
                .runnableInformer(RESYNC.toMillis());
        Watched<T> watched = new Watched<>(kind.getSimpleName() + " " + name, informer, _ -> {});
        partial.add(watched);
        return watched;
    }

    /** A cache of nothing but names, owners and finalizers of a kind. Its owner starts and closes it. */
    public Watched<GenericKubernetesResource> metadataOf(ApiKind kind) {
        var informer = client.genericKubernetesResources(kind.definition())
                .inAnyNamespace()
                .runnableInformer(RESYNC.toMillis());
        return new Watched<>(kind.plural(), informer, Informers::keepIdentity);
    }

    private static void keepIdentity(GenericKubernetesResource object) {
        object.setAdditionalProperties(new HashMap<>());
        object.getMetadata().setAnnotations(Map.of());
        object.getMetadata().setLabels(Map.of());
    }

    /** The caches of whole kinds that were asked for until now. */
    public Map<Class<? extends HasMetadata>, Watched<?>> whole() {
        return Collections.unmodifiableMap(byKind);
    }

    /** Lists and watches all kinds at the same time. */
    @Override
    public void start() {
        byKind.values().forEach(Watched::start);
        partial.forEach(Watched::start);
    }

    @Override
    public void close() {
        byKind.values().forEach(Watched::close);
        partial.forEach(Watched::close);
    }
}
