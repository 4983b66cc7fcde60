package dev.linnet.gateway.feed;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressRuleValue;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerStatus;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressServiceBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import io.fabric8.kubernetes.api.model.networking.v1.IngressStatus;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceBackendPort;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects without the bookkeeping of others, which is most of their size, and without the empty maps that each of their parts has for fields
 * that nobody knows. What is alike within one, and the words of the field, are kept once: of ten thousand Ingresses with ten paths that is
 * three quarters of what remains.
 */
final class Slim {
    /** As which all parts of Linnet write. */
    private static final String OURS = "linnet";

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private Slim() {}

    static Ingress of(Ingress ingress) {
        Ingress slim = new Ingress();
        slim.setMetadata(of(ingress.getMetadata()));
        slim.setSpec(Optional.ofNullable(ingress.getSpec()).map(Slim::of).orElse(null));
        slim.setStatus(Optional.ofNullable(ingress.getStatus())
                .flatMap(status -> Optional.ofNullable(status.getLoadBalancer()))
                .filter(balancer -> !orEmpty(balancer.getIngress()).isEmpty())
                .map(Slim::status)
                .orElse(null));
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    /** What tells one version of one object from all others, and nothing else. */
    static ObjectMeta shell(@Nullable String namespace, String name, @Nullable String uid, @Nullable String version) {
        ObjectMeta slim = new ObjectMeta();
        slim.setNamespace(namespace);
        slim.setName(name);
        slim.setUid(uid);
        slim.setResourceVersion(version);
        slim.setLabels(Map.of());
        slim.setAnnotations(Map.of());
        slim.setFinalizers(List.of());
        slim.setOwnerReferences(List.of());
        slim.setManagedFields(List.of());
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    private static ObjectMeta of(ObjectMeta meta) {
        Map<String, String> annotations =
                new HashMap<>(Optional.ofNullable(meta.getAnnotations()).orElseGet(Map::of));
        annotations.remove(LAST_APPLIED);
        ObjectMeta slim =
                shell(interned(meta.getNamespace()), meta.getName(), meta.getUid(), meta.getResourceVersion());
        slim.setGeneration(meta.getGeneration());
        slim.setCreationTimestamp(meta.getCreationTimestamp());
        slim.setAnnotations(annotations.isEmpty() ? Map.of() : annotations);
        slim.setManagedFields(lastOtherWriterOfStatus(meta));
        return slim;
    }

    /** What is missing in it is missing in the copy: readers say so. */
    private static IngressSpec of(IngressSpec spec) {
        Map<IngressBackend, IngressBackend> backends = new HashMap<>();
        List<IngressRule> rules = orEmpty(spec.getRules()).stream()
                .map(rule -> rule == null ? null : of(rule, backends))
                .toList();
        IngressSpec slim = new IngressSpec(
                spec.getDefaultBackend(), interned(spec.getIngressClassName()), rules, orEmpty(spec.getTls()));
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    private static IngressRule of(IngressRule rule, Map<IngressBackend, IngressBackend> backends) {
        IngressRule slim = new IngressRule(rule.getHost(), of(rule.getHttp(), backends));
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    private static @Nullable HTTPIngressRuleValue of(
            @Nullable HTTPIngressRuleValue http, Map<IngressBackend, IngressBackend> backends) {
        if (http == null) {
            return null;
        }
        HTTPIngressRuleValue slim = new HTTPIngressRuleValue(orEmpty(http.getPaths()).stream()
                .map(path -> path == null ? null : of(path, backends))
                .toList());
        slim.setAdditionalProperties(Map.of());
        return slim;
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
        IngressBackend slim = new IngressBackend(backend.getResource(), of(backend.getService()));
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    private static @Nullable IngressServiceBackend of(@Nullable IngressServiceBackend service) {
        if (service == null) {
            return null;
        }
        IngressServiceBackend slim = new IngressServiceBackend(interned(service.getName()), of(service.getPort()));
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    private static @Nullable ServiceBackendPort of(@Nullable ServiceBackendPort port) {
        if (port == null) {
            return null;
        }
        ServiceBackendPort slim = new ServiceBackendPort(interned(port.getName()), port.getNumber());
        slim.setAdditionalProperties(Map.of());
        return slim;
    }

    private static IngressStatus status(IngressLoadBalancerStatus balancer) {
        IngressStatus slim = new IngressStatus(balancer);
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
