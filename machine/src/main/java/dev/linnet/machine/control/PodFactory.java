package dev.linnet.machine.control;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;

/** Makes Pods from the templates of their controllers. */
public final class PodFactory {
    private PodFactory() {}

    /** A Pod that {@code owner} controls; the API completes its name. */
    public static Pod from(PodTemplateSpec template, HasMetadata owner) {
        ObjectMeta given = template.getMetadata() == null ? new ObjectMeta() : template.getMetadata();
        return new PodBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withGenerateName(owner.getMetadata().getName() + "-")
                        .withNamespace(owner.getMetadata().getNamespace())
                        .withLabels(given.getLabels())
                        .withAnnotations(given.getAnnotations())
                        .withFinalizers(given.getFinalizers())
                        .withOwnerReferences(Owners.controlledBy(owner))
                        .build())
                .withSpec(template.getSpec())
                .build();
    }
}
