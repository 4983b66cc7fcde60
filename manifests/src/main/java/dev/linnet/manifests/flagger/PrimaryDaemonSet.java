package dev.linnet.manifests.flagger;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The DaemonSet that serves while its target is tried out: the target's copy, told apart by one label.
 *
 * @param target   what is copied
 * @param label    which label
 * @param prefixes prefixes of the target's labels and annotations that the primary carries too; {@code *} for all
 * @param configs  ConfigMaps and Secrets of which the primary has its own copies, by {@link ConfigRef#key}
 */
public record PrimaryDaemonSet(DaemonSet target, SelectorLabel label, List<String> prefixes, Set<String> configs)
        implements PrimaryCopy<DaemonSet> {
    /** The node selector by which a DaemonSet has no Pods: no node has this label. */
    public static final String PARKED = "flagger.app/scale-to-zero";

    public PrimaryDaemonSet {
        prefixes = List.copyOf(prefixes);
        configs = Set.copyOf(configs);
    }

    @Override
    public DaemonSet create(OwnerReference owner, String id) {
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName(target.getMetadata().getName() + "-primary")
                .withNamespace(target.getMetadata().getNamespace())
                .withLabels(marks().labels(target.getMetadata().getLabels()))
                .withAnnotations(Ownership.withoutTools(target.getMetadata().getAnnotations()))
                .withOwnerReferences(owner)
                .endMetadata()
                .withNewSpec()
                .withMinReadySeconds(target.getSpec().getMinReadySeconds())
                .withRevisionHistoryLimit(target.getSpec().getRevisionHistoryLimit())
                .withUpdateStrategy(target.getSpec().getUpdateStrategy())
                .withSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Map.of(label.key(), label.primaryValue()))
                        .build())
                .withTemplate(template(id))
                .endSpec()
                .build();
    }

    @Override
    public DaemonSet promote(DaemonSet primary, String id) {
        return new DaemonSetBuilder(primary)
                .editMetadata()
                .withLabels(marks().labels(target.getMetadata().getLabels()))
                .withAnnotations(marks().kept(target.getMetadata().getAnnotations()))
                .endMetadata()
                .editSpec()
                .withMinReadySeconds(target.getSpec().getMinReadySeconds())
                .withRevisionHistoryLimit(target.getSpec().getRevisionHistoryLimit())
                .withUpdateStrategy(target.getSpec().getUpdateStrategy())
                .withTemplate(template(id))
                .endSpec()
                .build();
    }

    @Override
    public boolean isRunBy(DaemonSet primary) {
        PodTemplateSpec live = unparked(primary.getSpec().getTemplate());
        return Revisions.of(template(PrimaryTemplate.id(live))).equals(Revisions.of(live));
    }

    private PrimaryTemplate marks() {
        return new PrimaryTemplate(label, prefixes, configs);
    }

    private PodTemplateSpec template(String id) {
        return marks().of(unparked(target.getSpec().getTemplate()), id);
    }

    /** A template as its author wrote it. */
    public static PodTemplateSpec unparked(PodTemplateSpec template) {
        PodTemplateSpec copy = new PodTemplateSpecBuilder(template).build();
        Map<String, String> nodes =
                new TreeMap<>(Objects.requireNonNullElse(copy.getSpec().getNodeSelector(), Map.<String, String>of()));
        nodes.remove(PARKED);
        copy.getSpec().setNodeSelector(nodes);
        return copy;
    }

    public static boolean isParked(PodTemplateSpec template) {
        return template.getSpec().getNodeSelector() != null
                && template.getSpec().getNodeSelector().containsKey(PARKED);
    }
}
