package dev.linnet.manifests.endpoints;

import dev.linnet.routing.ServiceRef;

/** A Service, whatever its port. */
public record ServiceName(String namespace, String name) {
    public static ServiceName of(ServiceRef ref) {
        return new ServiceName(ref.namespace(), ref.name());
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
