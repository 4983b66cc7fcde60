package dev.linnet.machine.deployment;

import static dev.linnet.machine.deployment.RollingUpdate.OLDEST_FIRST;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the ReplicaSets when the Deployment is scaled, in the middle of a rollout too: all grow or shrink in
 * proportion, so that scaling does not hasten a rollout that may be a bad one.
 */
final class Scaling {
    private Scaling() {}

    /** @param inCharge the ReplicaSet with the present template, if there is one yet */
    static List<Resize> resizes(Deployment deployment, Optional<ReplicaSet> inCharge, List<ReplicaSet> old) {
        Optional<ReplicaSet> only = onlyActive(inCharge, old);
        if (only.isPresent()) {
            return List.of(new Resize(only.get(), Sizes.wanted(deployment)));
        }
        List<ReplicaSet> active = active(inCharge, old);
        if (inCharge.filter(set -> isSaturated(deployment, set)).isPresent()) {
            return active.stream()
                    .filter(set -> !set.equals(inCharge.get()))
                    .map(set -> new Resize(set, 0))
                    .toList();
        }
        return Limits.isRolling(deployment) ? proportional(deployment, active) : List.of();
    }

    private static List<ReplicaSet> active(Optional<ReplicaSet> inCharge, List<ReplicaSet> old) {
        List<ReplicaSet> active = new ArrayList<>(old);
        inCharge.ifPresent(active::add);
        active.removeIf(set -> Sizes.wanted(set) == 0);
        return active;
    }

    /** The one ReplicaSet that has Pods; where none has, the one in charge or the latest. Empty if several have. */
    private static Optional<ReplicaSet> onlyActive(Optional<ReplicaSet> inCharge, List<ReplicaSet> old) {
        List<ReplicaSet> active = active(inCharge, old);
        return switch (active.size()) {
            case 0 -> inCharge.or(() -> old.stream().max(OLDEST_FIRST));
            case 1 -> Optional.of(active.getFirst());
            default -> Optional.empty();
        };
    }

    private static boolean isSaturated(Deployment deployment, ReplicaSet inCharge) {
        int wanted = Sizes.wanted(deployment);
        return Sizes.wanted(inCharge) == wanted
                && Sizes.available(inCharge) == wanted
                && !Revisions.knowsAnotherSize(deployment, inCharge);
    }

    private static List<Resize> proportional(Deployment deployment, List<ReplicaSet> active) {
        int wanted = Sizes.wanted(deployment);
        int allowed = wanted > 0 ? wanted + Limits.of(deployment).surge() : 0;
        int toAdd = allowed - Sizes.sum(active, Sizes::wanted);
        Comparator<ReplicaSet> largestFirst =
                Comparator.<ReplicaSet>comparingInt(Sizes::wanted).reversed();
        List<ReplicaSet> ordered = active.stream()
                .sorted(largestFirst.thenComparing(toAdd > 0 ? OLDEST_FIRST.reversed() : OLDEST_FIRST))
                .toList();
        List<Resize> resizes = new ArrayList<>();
        int added = 0;
        for (ReplicaSet set : ordered) {
            int share = share(deployment, set, toAdd, toAdd - added);
            added += share;
            resizes.add(new Resize(set, Sizes.wanted(set) + share));
        }
        // Rounding leaves something over; the largest takes it.
        if (!resizes.isEmpty() && added != toAdd) {
            Resize largest = resizes.getFirst();
            resizes.set(0, new Resize(largest.set(), Math.max(0, largest.size() + toAdd - added)));
        }
        return resizes;
    }

    private static int share(Deployment deployment, ReplicaSet set, int toAdd, int left) {
        if (toAdd == 0 || left == 0) {
            return 0;
        }
        int fraction = fraction(deployment, set);
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    /** How much this ReplicaSet would change if all kept their proportions; positive or negative. */
    private static int fraction(Deployment deployment, ReplicaSet set) {
        int size = Sizes.wanted(set);
        int wanted = Sizes.wanted(deployment);
        if (wanted == 0) {
            return -size;
        }
        long before = Revisions.maxBefore(set);
        if (before == 0) {
            before = deployment.getStatus() == null
                    ? 0
                    : Sizes.orZero(deployment.getStatus().getReplicas());
        }
        if (before == 0) {
            return 0;
        }
        int after = wanted + Limits.of(deployment).surge();
        return Math.toIntExact(Math.round((double) size * after / before)) - size;
    }
}
