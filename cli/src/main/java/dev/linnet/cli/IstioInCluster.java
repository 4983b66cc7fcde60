package dev.linnet.cli;

import dev.linnet.machine.control.ApiKind;
import dev.linnet.manifests.istio.IstioObject;
import dev.linnet.manifests.istio.IstioObjects;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Istio's objects as a cluster has them; none if it does not know the kinds. */
public final class IstioInCluster {
    private static final Map<String, String> KINDS = Map.of(
            "VirtualService", "virtualservices",
            "DestinationRule", "destinationrules",
            "Gateway", "gateways",
            "ServiceEntry", "serviceentries");

    /** All of them have one schema; old installations lack the newer ones. */
    private static final List<String> VERSIONS = List.of("v1", "v1beta1", "v1alpha3");

    private IstioInCluster() {}

    /** All of them, as our gateways understand them, whose Pods they may select by any of their labels. */
    public static IstioObjects read(KubernetesClient client) {
        Map<String, String> labels = client
                .pods()
                .inAnyNamespace()
                .withLabel("app.kubernetes.io/name", "linnet-gateway")
                .list()
                .getItems()
                .stream()
                .findFirst()
                .map(pod -> pod.getMetadata().getLabels())
                .orElse(Map.of());
        return new IstioObjects(objects(client), labels);
    }

    public static List<IstioObject> objects(KubernetesClient client) {
        List<String> served = client.getApiGroups().getGroups().stream()
                .filter(group -> group.getName().equals(IstioObject.GROUP))
                .flatMap(group -> group.getVersions().stream())
                .map(version -> version.getVersion())
                .toList();
        Optional<String> version = VERSIONS.stream().filter(served::contains).findFirst();
        return version.stream()
                .flatMap(found -> KINDS.entrySet().stream()
                        .map(kind ->
                                new ApiKind(IstioObject.GROUP, found, kind.getKey(), kind.getValue(), true, Set.of())))
                .flatMap(kind -> ObjectsInCluster.list(client, kind).stream())
                .map(IstioObject::of)
                .toList();
    }
}
