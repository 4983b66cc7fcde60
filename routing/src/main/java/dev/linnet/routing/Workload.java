package dev.linnet.routing;

import java.util.Map;

/**
 * Who asks inside the cluster, as far as its address tells: a Pod, and what runs it. That chooses routes; it grants no access.
 *
 * @param namespace empty if unknown
 * @param name      of what runs the Pod, the Deployment rather than its ReplicaSet
 * @param labels    of the Pod
 */
public record Workload(String namespace, String name, Map<String, String> labels) {
    /** Nobody knows. It meets no condition on callers. */
    public static final Workload UNKNOWN = new Workload("", "", Map.of());

    public Workload {
        labels = Map.copyOf(labels);
    }

    public boolean isKnown() {
        return !namespace.isEmpty();
    }

    @Override
    public String toString() {
        return isKnown() ? namespace + "/" + name : "an unknown caller";
    }
}
