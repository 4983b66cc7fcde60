package dev.linnet.manifests.flagger;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The workload that serves while its target is tried out: the target's copy, told apart by one label.
 *
 * @param target   what is copied
 * @param label    which label
 * @param prefixes prefixes of the target's labels and annotations that the primary carries too; {@code *} for all
 * @param configs  ConfigMaps and Secrets of which the primary has its own copies, by {@link ConfigRef#key}
 * @param scaled   whether a scaler decides about its replicas
 */
public record PrimaryDeployment(
        Deployment target, SelectorLabel label, List<String> prefixes, Set<String> configs, boolean scaled)
        implements PrimaryCopy<Deployment> {
    public PrimaryDeployment {
        prefixes = List.copyOf(prefixes);
        configs = Set.copyOf(configs);
    }

    @Override
    public Deployment create(OwnerReference owner, String id) {
        Integer replicas = target.getSpec().getReplicas();
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(target.getMetadata().getName() + "-primary")
                .withNamespace(target.getMetadata().getNamespace())
                .withLabels(marks().labels(target.getMetadata().getLabels()))
                .withAnnotations(Ownership.withoutTools(target.getMetadata().getAnnotations()))
                .withOwnerReferences(owner)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas == null || replicas > 0 ? replicas : Integer.valueOf(1))
                .withProgressDeadlineSeconds(target.getSpec().getProgressDeadlineSeconds())
                .withMinReadySeconds(target.getSpec().getMinReadySeconds())
                .withRevisionHistoryLimit(target.getSpec().getRevisionHistoryLimit())
                .withStrategy(target.getSpec().getStrategy())
                .withSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Map.of(label.key(), label.primaryValue()))
                        .build())
                .withTemplate(template(id))
                .endSpec()
                .build();
    }

    @Override
    public Deployment promote(Deployment primary, String id) {
        return new DeploymentBuilder(primary)
                .editMetadata()
                .withLabels(marks().labels(target.getMetadata().getLabels()))
                .withAnnotations(marks().kept(target.getMetadata().getAnnotations()))
                .endMetadata()
                .editSpec()
                .withReplicas(
                        scaled
                                ? primary.getSpec().getReplicas()
                                : target.getSpec().getReplicas())
                .withProgressDeadlineSeconds(target.getSpec().getProgressDeadlineSeconds())
                .withMinReadySeconds(target.getSpec().getMinReadySeconds())
                .withRevisionHistoryLimit(target.getSpec().getRevisionHistoryLimit())
                .withStrategy(target.getSpec().getStrategy())
                .withTemplate(template(id))
                .endSpec()
                .build();
    }

    @Override
    public boolean isRunBy(Deployment primary) {
        PodTemplateSpec live = primary.getSpec().getTemplate();
        return Revisions.of(template(PrimaryTemplate.id(live))).equals(Revisions.of(live));
    }

    private PrimaryTemplate marks() {
        return new PrimaryTemplate(label, prefixes, configs);
    }

    private PodTemplateSpec template(String id) {
        PodTemplateSpec copy = marks().of(target.getSpec().getTemplate(), id);
        keepApart(copy.getSpec());
        return copy;
    }

    /** Pods that keep away from their like must keep away from the primary's, not from the target's. */
    private void keepApart(PodSpec spec) {
        if (spec.getTopologySpreadConstraints() != null) {
            spec.getTopologySpreadConstraints().forEach(constraint -> rename(constraint.getLabelSelector()));
        }
        PodAntiAffinity apart =
                spec.getAffinity() == null ? null : spec.getAffinity().getPodAntiAffinity();
        if (apart != null) {
            apart.getRequiredDuringSchedulingIgnoredDuringExecution().forEach(term -> rename(term.getLabelSelector()));
            apart.getPreferredDuringSchedulingIgnoredDuringExecution()
                    .forEach(term -> rename(term.getPodAffinityTerm().getLabelSelector()));
        }
    }

    private void rename(io.fabric8.kubernetes.api.model.@org.jspecify.annotations.Nullable LabelSelector selector) {
        if (selector == null) {
            return;
        }
        Map<String, String> labels = selector.getMatchLabels();
        if (labels != null && label.value().equals(labels.get(label.key()))) {
            Map<String, String> renamed = new TreeMap<>(labels);
            renamed.put(label.key(), label.primaryValue());
            selector.setMatchLabels(renamed);
        }
        if (selector.getMatchExpressions() != null) {
            selector.getMatchExpressions().forEach(this::rename);
        }
    }

    private void rename(LabelSelectorRequirement requirement) {
        if (label.key().equals(requirement.getKey()) && requirement.getValues() != null) {
            requirement.setValues(requirement.getValues().stream()
                    .map(value -> value.equals(label.value()) ? label.primaryValue() : value)
                    .toList());
        }
    }
}
