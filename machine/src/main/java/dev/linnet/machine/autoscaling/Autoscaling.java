package dev.linnet.machine.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerConditionBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an autoscaler makes of its target's size. Without metrics that is to keep it between min and max, as Kubernetes
 * does when its metrics fail; and to leave a target alone that somebody scaled to 0.
 */
final class Autoscaling {
    private Autoscaling() {}

    /**
     * @param replicas how many the target should have
     * @param reason   why that is another number than now, for people; empty if it is not
     * @param status   of the autoscaler, once the target is scaled
     */
    record Decision(int replicas, String reason, HorizontalPodAutoscalerStatus status) {}

    static Decision decide(HorizontalPodAutoscaler autoscaler, Scale scale, Instant now) {
        int current = orElse(scale.getSpec() == null ? null : scale.getSpec().getReplicas(), 0);
        int min = orElse(autoscaler.getSpec().getMinReplicas(), 1);
        int max = orElse(autoscaler.getSpec().getMaxReplicas(), Math.max(1, min));
        if (current == 0 && min != 0) {
            Conditions conditions = new Conditions(autoscaler, now)
                    .with("AbleToScale", "True", "SucceededGetScale", GOT_SCALE)
                    .with(
                            "ScalingActive",
                            "False",
                            "ScalingDisabled",
                            "scaling is disabled since the replica count of the target is zero");
            return new Decision(0, "", status(autoscaler, scale, 0, false, conditions, now));
        }
        if (current > max) {
            String reason = "Current number of replicas above Spec.MaxReplicas";
            return rescaled(autoscaler, scale, max, reason, now);
        }
        if (current < min) {
            String reason = "Current number of replicas below Spec.MinReplicas";
            return rescaled(autoscaler, scale, min, reason, now);
        }
        Conditions conditions = new Conditions(autoscaler, now)
                .with("AbleToScale", "True", "SucceededGetScale", GOT_SCALE)
                .with("ScalingActive", "False", "FailedGetResourceMetric", NO_METRICS);
        return new Decision(current, "", status(autoscaler, scale, current, false, conditions, now));
    }

    private static final String GOT_SCALE = "the HPA controller was able to get the target's current scale";
    private static final String NO_METRICS =
            "the HPA was unable to compute the replica count: no metrics API is served, so only min and max are kept";

    private static int orElse(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private static Decision rescaled(
            HorizontalPodAutoscaler autoscaler, Scale scale, int replicas, String reason, Instant now) {
        String message = "the HPA controller was able to update the target scale to " + replicas;
        Conditions conditions =
                new Conditions(autoscaler, now).with("AbleToScale", "True", "SucceededRescale", message);
        return new Decision(replicas, reason, status(autoscaler, scale, replicas, true, conditions, now));
    }

    private static HorizontalPodAutoscalerStatus status(
            HorizontalPodAutoscaler autoscaler,
            Scale scale,
            int desired,
            boolean scaled,
            Conditions conditions,
            Instant now) {
        HorizontalPodAutoscalerStatus before =
                autoscaler.getStatus() == null ? new HorizontalPodAutoscalerStatus() : autoscaler.getStatus();
        int current =
                orElse(scale.getStatus() == null ? null : scale.getStatus().getReplicas(), 0);
        return new HorizontalPodAutoscalerStatusBuilder(before)
                .withObservedGeneration(autoscaler.getMetadata().getGeneration())
                .withCurrentReplicas(current == 0 ? null : Integer.valueOf(current))
                .withDesiredReplicas(desired)
                .withLastScaleTime(scaled ? seconds(now) : before.getLastScaleTime())
                .withConditions(conditions.all())
                .build();
    }

    private static String seconds(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The conditions as they were, with changes; one that says the same keeps its time. */
    private record Conditions(List<HorizontalPodAutoscalerCondition> all, Instant now) {
        Conditions(HorizontalPodAutoscaler autoscaler, Instant now) {
            List<HorizontalPodAutoscalerCondition> before = autoscaler.getStatus() == null
                    ? List.of()
                    : autoscaler.getStatus().getConditions();
            this(before, now);
        }

        Conditions with(String type, String status, String reason, String message) {
            String since = all.stream()
                    .filter(each -> type.equals(each.getType()) && status.equals(each.getStatus()))
                    .map(HorizontalPodAutoscalerCondition::getLastTransitionTime)
                    .findFirst()
                    .orElse(seconds(now));
            HorizontalPodAutoscalerCondition condition = new HorizontalPodAutoscalerConditionBuilder()
                    .withType(type)
                    .withStatus(status)
                    .withReason(reason)
                    .withMessage(message)
                    .withLastTransitionTime(since)
                    .build();
            List<HorizontalPodAutoscalerCondition> changed = new ArrayList<>(all);
            boolean there = changed.removeIf(each -> type.equals(each.getType()));
            changed.add(there ? Math.min(indexOf(type), changed.size()) : changed.size(), condition);
            return new Conditions(changed, now);
        }

        private int indexOf(String type) {
            return all.stream()
                    .map(HorizontalPodAutoscalerCondition::getType)
                    .toList()
                    .indexOf(type);
        }
    }
}
