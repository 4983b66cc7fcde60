package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One step of replacing old Pods by new ones, never more and never fewer than the {@link Limits} allow. */
final class RollingUpdate {
    static final Comparator<ReplicaSet> OLDEST_FIRST = Comparator.<ReplicaSet, String>comparing(
                    set -> orEmpty(set.getMetadata().getCreationTimestamp()))
            .thenComparing(set -> set.getMetadata().getName());

    private RollingUpdate() {}

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** The size of the ReplicaSet in charge, which has {@code size} now and the old ones {@code oldSizes} in all. */
    static int sizeInCharge(Deployment deployment, int size, int oldSizes) {
        int wanted = Sizes.wanted(deployment);
        if (size >= wanted || !Limits.isRolling(deployment)) {
            return wanted;
        }
        int room = wanted + Limits.of(deployment).surge() - size - oldSizes;
        return room <= 0 ? size : size + Math.min(room, wanted - size);
    }

    /**
     * Which old ReplicaSets shrink now. Pods that serve nobody go first, so that a broken version cannot block its own
     * replacement; then as many good ones as may be missing.
     */
    static List<Resize> shrinkOld(Deployment deployment, ReplicaSet inCharge, List<ReplicaSet> old) {
        int minAvailable = Sizes.wanted(deployment) - Limits.of(deployment).unavailable();
        int notYetAvailable = Sizes.wanted(inCharge) - Sizes.lastingAvailable(inCharge);
        int total = Sizes.sum(old, Sizes::wanted) + Sizes.wanted(inCharge);
        int room = total - minAvailable - notYetAvailable;
        if (Sizes.sum(old, Sizes::wanted) == 0 || room <= 0) {
            return List.of();
        }
        Map<ReplicaSet, Integer> sizes = new HashMap<>();
        List<ReplicaSet> ordered = old.stream().sorted(OLDEST_FIRST).toList();
        dropUnavailable(ordered, room, sizes);
        int available = Sizes.sum(old, Sizes::lastingAvailable) + Sizes.lastingAvailable(inCharge);
        dropAvailable(ordered, available - minAvailable, sizes);
        List<Resize> resizes = new ArrayList<>();
        for (ReplicaSet set : ordered) {
            int size = sizes.getOrDefault(set, Sizes.wanted(set));
            if (size != Sizes.wanted(set)) {
                resizes.add(new Resize(set, size));
            }
        }
        return resizes;
    }

    private static void dropUnavailable(List<ReplicaSet> old, int room, Map<ReplicaSet, Integer> sizes) {
        int left = room;
        for (ReplicaSet set : old) {
            int unavailable = Sizes.wanted(set) - Sizes.lastingAvailable(set);
            int dropped = Math.min(left, unavailable);
            sizes.put(set, Sizes.wanted(set) - dropped);
            left -= dropped;
        }
    }

    private static void dropAvailable(List<ReplicaSet> old, int room, Map<ReplicaSet, Integer> sizes) {
        int left = Math.max(0, room);
        for (ReplicaSet set : old) {
            int size = sizes.getOrDefault(set, Sizes.wanted(set));
            int dropped = Math.min(left, size);
            sizes.put(set, size - dropped);
            left -= dropped;
        }
    }
}
