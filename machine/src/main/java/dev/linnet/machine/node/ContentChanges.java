package dev.linnet.machine.node;

import dev.linnet.machine.control.ApiKind;
import dev.linnet.machine.control.Informers;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.Watched;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.Set;
import java.util.function.Consumer;

/** Tells when ConfigMaps and Secrets change. Their contents are not kept. */
final class ContentChanges implements AutoCloseable {
    private final Watched<GenericKubernetesResource> configMaps;
    private final Watched<GenericKubernetesResource> secrets;

    ContentChanges(Informers informers, Consumer<Key> configMap, Consumer<Key> secret) {
        configMaps = watch(informers, "ConfigMap", "configmaps", configMap);
        secrets = watch(informers, "Secret", "secrets", secret);
    }

    private static Watched<GenericKubernetesResource> watch(
            Informers informers, String kind, String plural, Consumer<Key> changed) {
        var watched = informers.metadataOf(new ApiKind("", "v1", kind, plural, true, Set.of()));
        watched.onEvents(new ResourceEventHandler<GenericKubernetesResource>() {
            @Override
            public void onAdd(GenericKubernetesResource object) {
                changed.accept(Key.of(object));
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
                String version = after.getMetadata().getResourceVersion();
                if (!version.equals(before.getMetadata().getResourceVersion())) {
                    changed.accept(Key.of(after));
                }
            }

            @Override
            public void onDelete(GenericKubernetesResource object, boolean stateIsOld) {
                // Files stay as they were, as on any cluster.
            }
        });
        return watched;
    }

    void start() {
        configMaps.start();
        secrets.start();
    }

    @Override
    public void close() {
        configMaps.close();
        secrets.close();
    }
}
