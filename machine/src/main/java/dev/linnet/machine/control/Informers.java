package dev.linnet.machine.control;

import dev.linnet.machine.Part;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The caches that controllers share, one per kind, so that each kind is listed and watched once. */
public final class Informers implements Part {
    /** How often every object is shown again, so that a lost wake-up heals. */
    private static final Duration RESYNC = Duration.ofMinutes(10);

    private final KubernetesClient client;
    private final Map<Class<?>, Watched<?>> byKind = new LinkedHashMap<>();

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

    /** Lists and watches all kinds at the same time. */
    @Override
    public void start() {
        byKind.values().forEach(Watched::start);
    }

    @Override
    public void close() {
        byKind.values().forEach(Watched::close);
    }
}
