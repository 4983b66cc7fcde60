package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;

/** One thing to do to a ReplicaSet. */
sealed interface Step {
    ReplicaSet set();

    record Create(ReplicaSet set) implements Step {}

    /**
     * Writes size and annotations.
     *
     * @param set  as it should be
     * @param from its size before
     */
    record Replace(ReplicaSet set, int from) implements Step {}

    record Delete(ReplicaSet set) implements Step {}
}
