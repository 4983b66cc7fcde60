package dev.linnet.manifests.flagger;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the Pods of a primary differ from its target's: by one label, by a mark that is new with each promotion, and by the configs that they read.
 *
 * @param label    by which target and primary select
 * @param prefixes prefixes of the target's labels and annotations that the primary carries too; {@code *} for all
 * @param configs  ConfigMaps and Secrets of which the primary has its own copies, by {@link ConfigRef#key}
 */
record PrimaryTemplate(SelectorLabel label, List<String> prefixes, Set<String> configs) {
    /** The annotation that makes every promotion a new template, so that Pods are replaced. */
    private static final String ID = "flagger-id";

    /** The mark of a template; empty if it has none. */
    static String id(PodTemplateSpec template) {
        return Objects.requireNonNullElse(template.getMetadata().getAnnotations(), Map.<String, String>of())
                .getOrDefault(ID, "");
    }

    PodTemplateSpec of(PodTemplateSpec target, String id) {
        PodTemplateSpec copy = new PodTemplateSpecBuilder(target).build();
        Map<String, String> labels = Ownership.withoutTools(copy.getMetadata().getLabels());
        labels.put(label.key(), label.primaryValue());
        Map<String, String> annotations =
                Ownership.withoutTools(copy.getMetadata().getAnnotations());
        annotations.remove(ID);
        if (!id.isEmpty()) {
            annotations.put(ID, id);
        }
        copy.getMetadata().setLabels(labels);
        copy.getMetadata().setAnnotations(annotations);
        ConfigRefs.rename(copy.getSpec(), configs);
        return copy;
    }

    /** Labels of the primary itself. */
    Map<String, String> labels(@Nullable Map<String, String> ofTarget) {
        Map<String, String> labels = kept(ofTarget);
        labels.put(label.key(), label.primaryValue());
        return labels;
    }

    /** Labels or annotations of the target that the primary carries too. */
    Map<String, String> kept(@Nullable Map<String, String> ofTarget) {
        return Ownership.kept(ofTarget, prefixes);
    }
}
