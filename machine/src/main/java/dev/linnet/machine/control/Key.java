package dev.linnet.machine.control;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Which object of a kind.
 *
 * @param namespace empty for cluster-wide kinds
 */
public record Key(String namespace, String name) {

    public static Key of(HasMetadata object) {
        String namespace = object.getMetadata().getNamespace();
        return new Key(namespace == null ? "" : namespace, object.getMetadata().getName());
    }

    /** {@code test/podinfo}, or the bare name of a cluster-wide object. Fabric8's caches use the same spelling. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
