package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.mesh.Twin;
import dev.linnet.routing.SecretRef;
import java.util.Map;
import java.util.Optional;

/** What else there is in the cluster, as far as objects of Gateway API refer to it. */
public interface ClusterView {
    Optional<ServiceReading> service(ServiceName name);

    /** Whether a Service of which nothing is known does not exist. */
    default boolean knowsServices() {
        return true;
    }

    /** Whether gateways stand before a Service inside the cluster: while they do, it has a headless twin. */
    default boolean isInMesh(ServiceName name) {
        return service(new ServiceName(name.namespace(), Twin.name(name.name())))
                .filter(twin -> twin.twinOf().equals(name.name()))
                .isPresent();
    }

    /** Labels of a namespace; at least {@code kubernetes.io/metadata.name}. */
    Map<String, String> labels(String namespace);

    /** Why no TLS can be spoken with what is in a Secret, in words that follow its name; empty if it can, or if that is not known yet. */
    Optional<String> objection(SecretRef certificate);
}
