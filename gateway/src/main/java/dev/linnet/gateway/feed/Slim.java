package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects without the bookkeeping of others, which is most of their size. */
final class Slim {
    /** As which all parts of Linnet write. */
    private static final String OURS = "linnet";

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
                .withManagedFields(lastOtherWriterOfStatus(meta))
                .build());
        slim.setSpec(ingress.getSpec());
        slim.setStatus(ingress.getStatus());
        return slim;
    }

    /** Without its fields: Ingresses have but one in their status. */
    private static List<ManagedFieldsEntry> lastOtherWriterOfStatus(ObjectMeta meta) {
        return Optional.ofNullable(meta.getManagedFields()).orElseGet(List::of).stream()
                .filter(entry -> "status".equals(entry.getSubresource())
                        && !OURS.equals(entry.getManager())
                        && entry.getTime() != null)
                .max(Comparator.comparing(ManagedFieldsEntry::getTime))
                .map(entry -> new ManagedFieldsEntryBuilder()
                        .withManager(entry.getManager())
                        .withTime(entry.getTime())
                        .build())
                .stream()
                .toList();
    }
}
