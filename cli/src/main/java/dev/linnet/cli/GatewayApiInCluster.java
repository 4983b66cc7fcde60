package dev.linnet.cli;

import dev.linnet.machine.control.ApiKind;
import dev.linnet.manifests.gatewayapi.GatewayApiObject;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Objects of Gateway API as a cluster has them; none if it does not know the kinds. */
public final class GatewayApiInCluster {
    private GatewayApiInCluster() {}

    public static List<GatewayApiObject> objects(KubernetesClient client) {
        boolean served = client.getApiGroups().getGroups().stream()
                .anyMatch(group -> group.getName().equals(GatewayApiObject.GROUP));
        if (!served) {
            return List.of();
        }
        return Stream.of(
                        kind("v1", "GatewayClass", "gatewayclasses", false),
                        kind("v1", "Gateway", "gateways", true),
                        kind("v1", "HTTPRoute", "httproutes", true),
                        kind("v1beta1", "ReferenceGrant", "referencegrants", true))
                .flatMap(kind -> ObjectsInCluster.list(client, kind).stream())
                .map(GatewayApiObject::of)
                .toList();
    }

    private static ApiKind kind(String version, String kind, String plural, boolean namespaced) {
        return new ApiKind(GatewayApiObject.GROUP, version, kind, plural, namespaced, Set.of());
    }

    /** Labels of all namespaces. */
    public static Map<String, Map<String, String>> namespaces(KubernetesClient client) {
        Map<String, Map<String, String>> all = new HashMap<>();
        client.namespaces()
                .list()
                .getItems()
                .forEach(namespace -> all.put(
                        namespace.getMetadata().getName(),
                        Optional.ofNullable(namespace.getMetadata().getLabels()).orElseGet(Map::of)));
        return all;
    }
}
