package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.mesh.Takeover;
import dev.linnet.routing.SecretRef;
import java.util.Map;
import java.util.Optional;

/**
 * What some files, or one look at a cluster, have told. Nothing is known of what is in Secrets.
 *
 * @param services   none if nothing is known of any: then each that is named is taken to exist
 * @param namespaces labels of those that are known
 */
public record ListedObjects(Map<ServiceName, ServiceReading> services, Map<String, Map<String, String>> namespaces)
        implements ClusterView {
    public ListedObjects {
        services = Map.copyOf(services);
        namespaces = Map.copyOf(namespaces);
    }

    @Override
    public Optional<ServiceReading> service(ServiceName name) {
        return Optional.ofNullable(services.get(name));
    }

    @Override
    public boolean knowsServices() {
        return !services.isEmpty();
    }

    /** Files have no twins: there it counts what authors want. */
    @Override
    public boolean isInMesh(ServiceName name) {
        return ClusterView.super.isInMesh(name)
                || service(name)
                        .flatMap(ServiceReading::mesh)
                        .or(() -> Optional.ofNullable(labels(name.namespace()).get(Takeover.OPT_IN))
                                .map("true"::equals))
                        .orElse(!knowsServices());
    }

    @Override
    public Map<String, String> labels(String namespace) {
        return namespaces.getOrDefault(namespace, Map.of("kubernetes.io/metadata.name", namespace));
    }

    @Override
    public Optional<String> objection(SecretRef certificate) {
        return Optional.empty();
    }
}
