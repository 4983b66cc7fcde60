package dev.linnet.machine.autoscaling;

import dev.linnet.machine.control.ApiKind;
import dev.linnet.machine.control.Key;
import dev.linnet.machine.control.ReconcileLoop;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@code scale} subresource of whatever has one, custom resources too. */
final class Scales {
    private final KubernetesClient client;
    /** Which resource a kind is does not change while we run; an unknown kind is asked for again. */
    private final Map<String, ApiKind> kinds = new ConcurrentHashMap<>();

    Scales(KubernetesClient client) {
        this.client = client;
    }

    /** Empty when there is no such object, or it cannot be scaled. */
    Optional<Scale> get(String namespace, CrossVersionObjectReference target) {
        Optional<String> path = path(namespace, target);
        try {
            return path.map(client::raw)
                    .map(json -> client.getKubernetesSerialization().unmarshal(json, Scale.class));
        } catch (KubernetesClientException failure) {
            if (ReconcileLoop.isNotFound(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** Carries the version that was read, so that a change made in between is not lost. */
    void put(String namespace, CrossVersionObjectReference target, Scale scale) {
        path(namespace, target).ifPresent(path -> client.raw(path, "PUT", scale));
    }

    private Optional<String> path(String namespace, CrossVersionObjectReference target) {
        String id = target.getApiVersion() + "/" + target.getKind();
        ApiKind kind = kinds.get(id);
        if (kind == null) {
            Optional<ApiKind> found = find(target);
            found.ifPresent(each -> kinds.put(id, each));
            return found.map(each -> path(each, namespace, target));
        }
        return Optional.of(path(kind, namespace, target));
    }

    private static String path(ApiKind kind, String namespace, CrossVersionObjectReference target) {
        return kind.path(new Key(namespace, target.getName())) + "/scale";
    }

    private Optional<ApiKind> find(CrossVersionObjectReference target) {
        String groupVersion = target.getApiVersion() == null ? "v1" : target.getApiVersion();
        var served = client.getApiResources(groupVersion);
        if (served == null) {
            return Optional.empty();
        }
        int slash = groupVersion.indexOf('/');
        String group = slash < 0 ? "" : groupVersion.substring(0, slash);
        return served.getResources().stream()
                .filter(each -> target.getKind().equals(each.getKind())
                        && !each.getName().contains("/"))
                .map(APIResource::getName)
                .findFirst()
                .map(plural -> new ApiKind(
                        group, groupVersion.substring(slash + 1), target.getKind(), plural, true, Set.of()));
    }
}
