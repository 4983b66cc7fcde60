package dev.linnet.machine.control;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Optional;

/** Reads and writes owner references. */
public final class Owners {
    private Owners() {}

    /** The owner that controls the object; there is at most one. */
    public static Optional<OwnerReference> controllerOf(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }

    public static boolean controls(HasMetadata owner, HasMetadata object) {
        return controllerOf(object)
                .filter(reference ->
                        reference.getUid().equals(owner.getMetadata().getUid()))
                .isPresent();
    }

    /** Key of the controlling owner if it is of this kind. */
    public static Optional<Key> controllerKey(HasMetadata object, String kind) {
        return controllerOf(object)
                .filter(owner -> owner.getKind().equals(kind))
                .map(owner -> new Key(object.getMetadata().getNamespace(), owner.getName()));
    }

    /** The reference that makes {@code owner} the controller of what carries it. */
    public static OwnerReference controlledBy(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    public static boolean isBeingDeleted(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }
}
