package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressRuleValue;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects without the bookkeeping of others, which is most of their size. What is alike within one, and the words of the field, are kept
 * once: of ten thousand Ingresses with ten paths that is three quarters of what remains.
 */
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
        slim.setSpec(Optional.ofNullable(ingress.getSpec()).map(Slim::of).orElse(null));
        slim.setStatus(ingress.getStatus());
        return slim;
    }

    /** What is missing in it is missing in the copy: readers say so. */
    private static IngressSpec of(IngressSpec spec) {
        Map<IngressBackend, IngressBackend> backends = new HashMap<>();
        List<IngressRule> rules = orEmpty(spec.getRules()).stream()
                .map(rule -> rule == null ? null : new IngressRule(rule.getHost(), of(rule.getHttp(), backends)))
                .toList();
        return new IngressSpec(spec.getDefaultBackend(), spec.getIngressClassName(), rules, spec.getTls());
    }

    private static @Nullable HTTPIngressRuleValue of(
            @Nullable HTTPIngressRuleValue http, Map<IngressBackend, IngressBackend> backends) {
        return http == null
                ? null
                : new HTTPIngressRuleValue(orEmpty(http.getPaths()).stream()
                        .map(path -> path == null ? null : of(path, backends))
                        .toList());
    }

    private static HTTPIngressPath of(HTTPIngressPath path, Map<IngressBackend, IngressBackend> backends) {
        IngressBackend backend = path.getBackend();
        HTTPIngressPath slim = new HTTPIngressPath(
                backend == null ? null : backends.computeIfAbsent(backend, Slim::of),
                interned(path.getPath()),
                interned(path.getPathType()));
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    private static IngressBackend of(IngressBackend backend) {
        IngressBackend slim = new IngressBackend(backend.getResource(), backend.getService());
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    private static @Nullable String interned(@Nullable String word) {
        return word == null ? null : word.intern();
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return Optional.ofNullable(list).orElseGet(List::of);
    }

    /** Without its fields: Ingresses have but one in their status. */
    private static List<ManagedFieldsEntry> lastOtherWriterOfStatus(ObjectMeta meta) {
        return orEmpty(meta.getManagedFields()).stream()
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
