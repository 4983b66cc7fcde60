package dev.linnet.manifests.flagger;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What marks the objects of a release: their owner, and annotations that keep GitOps tools from setting them back. */
public final class Ownership {
    private static final String TOOLKIT = "toolkit.fluxcd.io";
    private static final Map<String, String> LEAVE_ALONE = Map.of(
            "kustomize.toolkit.fluxcd.io/reconcile", "disabled",
            "helm.toolkit.fluxcd.io/driftDetection", "disabled");

    private Ownership() {}

    /** The Canary as controlling owner. */
    public static OwnerReference by(HasMetadata canary) {
        return new OwnerReferenceBuilder()
                .withApiVersion("flagger.app/v1beta1")
                .withKind("Canary")
                .withName(canary.getMetadata().getName())
                .withUid(canary.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** Whether that owner controls the object. */
    public static boolean controls(OwnerReference owner, HasMetadata object) {
        List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
        return owners != null
                && owners.stream()
                        .anyMatch(other ->
                                other.getUid().equals(owner.getUid()) && Boolean.TRUE.equals(other.getController()));
    }

    /** The Canary that controls an object, if it is another one than this owner. */
    public static Optional<String> otherCanary(OwnerReference owner, HasMetadata object) {
        List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
        return owners == null
                ? Optional.empty()
                : owners.stream()
                        .filter(other -> other.getKind().equals(owner.getKind())
                                && Boolean.TRUE.equals(other.getController())
                                && !other.getUid().equals(owner.getUid()))
                        .map(OwnerReference::getName)
                        .findFirst();
    }

    /** Annotations of a workload's copy: those of tools that would set it back are left out. */
    static Map<String, String> withoutTools(@org.jspecify.annotations.Nullable Map<String, String> marks) {
        Map<String, String> kept = new TreeMap<>();
        if (marks != null) {
            marks.forEach((key, value) -> {
                if (!key.contains(TOOLKIT)) {
                    kept.put(key, value);
                }
            });
        }
        return kept;
    }

    /**
     * Labels or annotations that a copy carries too.
     *
     * @param prefixes that their keys begin with; {@code *} for all
     */
    public static Map<String, String> kept(
            @org.jspecify.annotations.Nullable Map<String, String> marks, List<String> prefixes) {
        Map<String, String> kept = withoutTools(marks);
        kept.keySet()
                .removeIf(key -> prefixes.stream()
                        .noneMatch(prefix -> prefix.equals("*") || (!prefix.isEmpty() && key.startsWith(prefix))));
        return kept;
    }

    /** Annotations of a routing object, with a word to the tools that would set it back. */
    public static Map<String, String> leftAlone(Map<String, String> annotations) {
        Map<String, String> all = new TreeMap<>(annotations);
        all.putAll(LEAVE_ALONE);
        return all;
    }

    /** What these annotations say to those tools already. */
    static Map<String, String> wordsToTools(Map<String, String> annotations) {
        Map<String, String> words = new TreeMap<>(annotations);
        words.keySet().retainAll(LEAVE_ALONE.keySet());
        return words;
    }

    /** Whether that word is there already. */
    static boolean isLeftAlone(Map<String, String> annotations) {
        return annotations.entrySet().containsAll(LEAVE_ALONE.entrySet());
    }
}
