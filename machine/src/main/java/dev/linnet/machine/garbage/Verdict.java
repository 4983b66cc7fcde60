package dev.linnet.machine.garbage;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What becomes of an object, given how its owners are. Pure. */
sealed interface Verdict {
    String FOREGROUND = "foregroundDeletion";
    String ORPHAN = "orphan";

    /** How an owner is. */
    enum OwnerState {
        THERE,
        GONE,
        /** Being deleted in the foreground: it stays until those that block it have gone. */
        WAITS_FOR_DEPENDENTS
    }

    record Keep() implements Verdict {}

    /** It lives on, for its other owners. */
    record Disown(Set<String> uids) implements Verdict {}

    /** @param propagation Background, Foreground or Orphan */
    record Delete(String propagation) implements Verdict {}

    /** @param hasDependents of its own; then they, too, go before it where its owner waits */
    static Verdict of(HasMetadata object, Function<OwnerReference, OwnerState> state, boolean hasDependents) {
        List<String> there = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        for (OwnerReference owner : object.getMetadata().getOwnerReferences()) {
            List<String> list = switch (state.apply(owner)) {
                case THERE -> there;
                case GONE -> gone;
                case WAITS_FOR_DEPENDENTS -> waiting;
            };
            list.add(owner.getUid());
        }
        if (gone.isEmpty() && waiting.isEmpty()) {
            return new Keep();
        }
        if (!there.isEmpty()) {
            gone.addAll(waiting);
            return new Disown(Set.copyOf(gone));
        }
        return new Delete(!waiting.isEmpty() && hasDependents ? "Foreground" : propagation(object));
    }

    private static String propagation(HasMetadata object) {
        List<String> finalizers = object.getMetadata().getFinalizers();
        if (finalizers.contains(ORPHAN)) {
            return "Orphan";
        }
        return finalizers.contains(FOREGROUND) ? "Foreground" : "Background";
    }

    static boolean isEnding(HasMetadata object, String finalizer) {
        return object.getMetadata().getDeletionTimestamp() != null
                && object.getMetadata().getFinalizers().contains(finalizer);
    }

    /** True when {@code dependent} must have gone before its owner may go. */
    static boolean blocks(HasMetadata dependent, String ownerUid) {
        return dependent.getMetadata().getOwnerReferences().stream()
                .anyMatch(
                        owner -> owner.getUid().equals(ownerUid) && Boolean.TRUE.equals(owner.getBlockOwnerDeletion()));
    }
}
