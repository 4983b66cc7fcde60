package dev.linnet.machine.deployment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The annotations by which {@code kubectl rollout history} and {@code undo} know the versions of a Deployment. */
final class Revisions {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";

    /** Annotations of a Deployment that say nothing about its ReplicaSets. */
    private static final Set<String> NOT_INHERITED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            HISTORY,
            DESIRED,
            MAX,
            "deprecated.deployment.rollback.to");

    private Revisions() {}

    static Map<String, String> annotations(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    /** 0 when it has none, or one that is no number. */
    static long of(HasMetadata object) {
        return number(annotations(object).getOrDefault(REVISION, ""));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    static long next(Collection<ReplicaSet> old) {
        return 1 + old.stream().mapToLong(Revisions::of).max().orElse(0);
    }

    /** What the annotations of the ReplicaSet in charge must be, given what they are. */
    static Map<String, String> inCharge(Deployment deployment, Map<String, String> present, long revision) {
        Map<String, String> wanted = new HashMap<>(present);
        annotations(deployment).forEach((name, value) -> {
            if (!NOT_INHERITED.contains(name)) {
                wanted.put(name, value);
            }
        });
        String before = present.getOrDefault(REVISION, "");
        if (number(before) < revision) {
            wanted.put(REVISION, Long.toString(revision));
            if (number(before) > 0) {
                wanted.merge(HISTORY, before, (list, last) -> list + "," + last);
            }
        }
        return wanted;
    }

    /** What a ReplicaSet remembers of the Deployment's size, by which a change of size is told from a rollout. */
    static Map<String, String> sized(Deployment deployment, Map<String, String> present) {
        int wanted = Sizes.wanted(deployment);
        Map<String, String> annotations = new HashMap<>(present);
        annotations.put(DESIRED, Integer.toString(wanted));
        annotations.put(MAX, Integer.toString(wanted + Limits.of(deployment).surge()));
        return annotations;
    }

    /** True when the Deployment was scaled since this ReplicaSet was last looked after. */
    static boolean knowsAnotherSize(Deployment deployment, ReplicaSet set) {
        String desired = annotations(set).get(DESIRED);
        return desired != null && number(desired) != Sizes.wanted(deployment);
    }

    /** The largest number of Pods the Deployment could have when this ReplicaSet was last sized; 0 if unknown. */
    static long maxBefore(ReplicaSet set) {
        return number(annotations(set).getOrDefault(MAX, ""));
    }
}
