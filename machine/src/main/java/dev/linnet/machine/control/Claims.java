package dev.linnet.machine.control;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * What belongs to a controller, by owner reference and selector: it adopts orphans that its selector matches and releases
 * what it owns but no longer matches.
 *
 * @param mine    already its own, and matching
 * @param adopt   nobody's, and matching
 * @param release its own, but not matching any more
 */
public record Claims<T extends HasMetadata>(List<T> mine, List<T> adopt, List<T> release) {
    public Claims {
        mine = List.copyOf(mine);
        adopt = List.copyOf(adopt);
        release = List.copyOf(release);
    }

    /** An owner that is being deleted, and an object that is, are left as they are. */
    public static <T extends HasMetadata> Claims<T> of(HasMetadata owner, LabelSelector selector, List<T> candidates) {
        List<T> mine = new ArrayList<>();
        List<T> adopt = new ArrayList<>();
        List<T> release = new ArrayList<>();
        boolean ending = Owners.isBeingDeleted(owner);
        for (T candidate : candidates) {
            boolean matches =
                    Selectors.matches(selector, candidate.getMetadata().getLabels());
            if (Owners.controls(owner, candidate)) {
                (matches || ending ? mine : release).add(candidate);
            } else if (matches
                    && !ending
                    && !Owners.isBeingDeleted(candidate)
                    && Owners.controllerOf(candidate).isEmpty()) {
                adopt.add(candidate);
            }
        }
        return new Claims<>(mine, adopt, release);
    }
}
