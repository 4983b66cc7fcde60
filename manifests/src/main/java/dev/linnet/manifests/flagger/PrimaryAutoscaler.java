package dev.linnet.manifests.flagger;

import dev.linnet.manifests.flagger.CanaryPlan.ScalerRef;
import dev.linnet.rollout.plan.Names;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;

/**
 * The primary's HorizontalPodAutoscaler: the target's copy. The target's own does nothing while the target has no Pods.
 *
 * @param ref   of the target's
 * @param names of the release
 */
public record PrimaryAutoscaler(ScalerRef ref, Names names) {

    public String name() {
        return ref.name() + "-primary";
    }

    /** The first one. */
    public HorizontalPodAutoscaler create(HorizontalPodAutoscaler target, OwnerReference owner) {
        return sync(
                new HorizontalPodAutoscalerBuilder()
                        .withNewMetadata()
                        .withName(name())
                        .withNamespace(names.namespace())
                        .withLabels(Ownership.withoutTools(target.getMetadata().getLabels()))
                        .withOwnerReferences(owner)
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build(),
                target);
    }

    /** One that is there, with what the target's says. */
    public HorizontalPodAutoscaler sync(HorizontalPodAutoscaler primary, HorizontalPodAutoscaler target) {
        return new HorizontalPodAutoscalerBuilder(primary)
                .editSpec()
                .withNewScaleTargetRef(
                        target.getSpec().getScaleTargetRef().getApiVersion(),
                        target.getSpec().getScaleTargetRef().getKind(),
                        names.target() + "-primary")
                .withMinReplicas(ref.minReplicas().orElse(target.getSpec().getMinReplicas()))
                .withMaxReplicas(ref.maxReplicas().orElse(target.getSpec().getMaxReplicas()))
                .withMetrics(target.getSpec().getMetrics())
                .withBehavior(target.getSpec().getBehavior())
                .endSpec()
                .build();
    }
}
