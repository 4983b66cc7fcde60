package dev.linnet.apiserver.store;

import java.util.Comparator;

/**
 * Where an object lives.
 *
 * @param resource  its collection, {@code deployments.apps}
 * @param namespace empty for cluster-scoped objects
 */
public record ObjectKey(String resource, String namespace, String name) implements Comparable<ObjectKey> {
    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::resource)
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name);

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }
}
