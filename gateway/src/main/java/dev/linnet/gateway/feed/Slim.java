package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Objects without the bookkeeping of others, which is most of their size. */
final class Slim {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private Slim() {}

    static Ingress of(Ingress ingress) {
        ObjectMeta meta = ingress.getMetadata();
        Map<String, String> annotations =
                new HashMap<>(Optional.ofNullable(meta.getAnnotations()).orElseGet(Map::of));
        annotations.remove(LAST_APPLIED);
        Ingress slim = new Ingress();
        slim.setMetadata(new ObjectMetaBuilder()
                .withNamespace(meta.getNamespace())
                .withName(meta.getName())
                .withUid(meta.getUid())
                .withResourceVersion(meta.getResourceVersion())
                .withGeneration(meta.getGeneration())
                .withCreationTimestamp(meta.getCreationTimestamp())
                .withAnnotations(annotations)
                .build());
        slim.setSpec(ingress.getSpec());
        slim.setStatus(ingress.getStatus());
        return slim;
    }
}
