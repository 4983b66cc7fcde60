package dev.linnet.machine.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The conditions of an autoscaler as they were, with changes; one whose status is the same keeps its time. */
record Conditions(List<HorizontalPodAutoscalerCondition> all, Instant now) {
    static final String ABLE_TO_SCALE = "AbleToScale";
    static final String SCALING_ACTIVE = "ScalingActive";
    static final String SCALING_LIMITED = "ScalingLimited";

    /**
     * What a condition says.
     *
     * @param reason in one word
     */
    record Verdict(boolean holds, String reason, String message) {}

    Conditions {
        all = List.copyOf(all);
    }

    static Conditions of(HorizontalPodAutoscaler autoscaler, Instant now) {
        return new Conditions(
                autoscaler.getStatus() == null
                        ? List.of()
                        : autoscaler.getStatus().getConditions(),
                now);
    }

    Conditions with(String type, Verdict verdict) {
        String status = verdict.holds() ? "True" : "False";
        String since = all.stream()
                .filter(each -> type.equals(each.getType()) && status.equals(each.getStatus()))
                .map(HorizontalPodAutoscalerCondition::getLastTransitionTime)
                .findFirst()
                .orElse(seconds(now));
        HorizontalPodAutoscalerCondition condition = new HorizontalPodAutoscalerConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(verdict.reason())
                .withMessage(verdict.message())
                .withLastTransitionTime(since)
                .build();
        List<HorizontalPodAutoscalerCondition> changed = new ArrayList<>(all);
        int place = all.stream()
                .map(HorizontalPodAutoscalerCondition::getType)
                .toList()
                .indexOf(type);
        if (place < 0) {
            changed.add(condition);
        } else {
            changed.set(place, condition);
        }
        return new Conditions(changed, now);
    }

    static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
