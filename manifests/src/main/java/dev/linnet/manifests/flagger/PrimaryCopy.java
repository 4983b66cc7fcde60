package dev.linnet.manifests.flagger;

import io.fabric8.kubernetes.api.model.OwnerReference;

/** Makes of a target the workload that serves while the target is tried out. */
public interface PrimaryCopy<T> {
    /**
     * The first one.
     *
     * @param id a random one
     */
    T create(OwnerReference owner, String id);

    /**
     * One that is there, with what the target says now.
     *
     * @param id a random one
     */
    T promote(T primary, String id);

    /** Whether a primary runs what the target says. */
    boolean isRunBy(T primary);
}
