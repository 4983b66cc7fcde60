package dev.linnet.machine.garbage;

import dev.linnet.machine.control.Key;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;

/**
 * One object among all of all kinds.
 *
 * @param uid so that another object of the same name is never taken for it
 */
record Node(GroupKind kind, Key key, String uid) {

    /** A kind whatever its version. */
    record GroupKind(String group, String kind) {
        static GroupKind of(OwnerReference owner) {
            int slash = owner.getApiVersion().indexOf('/');
            return new GroupKind(slash < 0 ? "" : owner.getApiVersion().substring(0, slash), owner.getKind());
        }
    }

    static Node of(GroupKind kind, HasMetadata object) {
        return new Node(kind, Key.of(object), object.getMetadata().getUid());
    }
}
