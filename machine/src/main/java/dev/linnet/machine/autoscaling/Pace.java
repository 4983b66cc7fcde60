package dev.linnet.machine.autoscaling;

import dev.linnet.machine.autoscaling.Conditions.Verdict;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How fast an autoscaler may go: stabilisation windows and policies of {@code spec.behavior}, with Kubernetes' defaults, and
 * the limits. Decisions and texts are those of Kubernetes' horizontal pod autoscaler controller.
 */
final class Pace {
    private static final Duration USUAL_DOWN_WINDOW = Duration.ofMinutes(5);
    private static final List<HPAScalingPolicy> USUAL_UP =
            List.of(new HPAScalingPolicy(15, "Pods", 4), new HPAScalingPolicy(15, "Percent", 100));
    private static final List<HPAScalingPolicy> USUAL_DOWN = List.of(new HPAScalingPolicy(15, "Percent", 100));

    private final int min;
    private final int max;
    private final Optional<HPAScalingRules> up;
    private final Optional<HPAScalingRules> down;

    /**
     * What is done with a recommendation.
     *
     * @param able    for the condition AbleToScale
     * @param limited for the condition ScalingLimited
     */
    record Paced(int replicas, Verdict able, Verdict limited) {}

    Pace(HorizontalPodAutoscalerSpec spec) {
        this.min = Objects.requireNonNullElse(spec.getMinReplicas(), 1);
        this.max = Objects.requireNonNullElse(spec.getMaxReplicas(), Math.max(1, min));
        Optional<HorizontalPodAutoscalerBehavior> behavior = Optional.ofNullable(spec.getBehavior());
        this.up = behavior.map(HorizontalPodAutoscalerBehavior::getScaleUp);
        this.down = behavior.map(HorizontalPodAutoscalerBehavior::getScaleDown);
    }

    int min() {
        return min;
    }

    int max() {
        return max;
    }

    Paced paced(int current, int recommended, History history, Instant now) {
        int stable = stabilised(current, recommended, history, now);
        Verdict able = stable == recommended
                ? new Verdict(true, "ReadyForNewScale", "recommended size matches current size")
                : held(current, recommended);
        if (stable > current) {
            return grown(current, stable, able, history, now);
        }
        return stable < current ? shrunk(current, stable, able, history, now) : within(stable, able);
    }

    private int stabilised(int current, int recommended, History history, Instant now) {
        int lowest = history.lowestRecommendation(window(up, Duration.ZERO), now, recommended);
        int highest = history.highestRecommendation(window(down, USUAL_DOWN_WINDOW), now, recommended);
        return Math.min(Math.max(current, lowest), highest);
    }

    private static Duration window(Optional<HPAScalingRules> rules, Duration usual) {
        return rules.map(HPAScalingRules::getStabilizationWindowSeconds)
                .map(Duration::ofSeconds)
                .orElse(usual);
    }

    private static Verdict held(int current, int recommended) {
        return recommended >= current
                ? new Verdict(
                        true,
                        "ScaleUpStabilized",
                        "recent recommendations were lower than current one, applying the lowest recent recommendation")
                : new Verdict(
                        true,
                        "ScaleDownStabilized",
                        "recent recommendations were higher than current one, applying the highest recent recommendation");
    }

    private Paced grown(int current, int stable, Verdict able, History history, Instant now) {
        int limit = Math.max(
                current, limit(up, USUAL_UP, current, true, proposal -> proposal(current, proposal, history, now, 1)));
        if (stable <= Math.min(max, limit)) {
            return within(stable, able);
        }
        Verdict limited = limit < max
                ? new Verdict(
                        true,
                        "ScaleUpLimit",
                        "the desired replica count is increasing faster than the maximum scale rate")
                : new Verdict(
                        true, "TooManyReplicas", "the desired replica count is more than the maximum replica count");
        return new Paced(Math.min(max, limit), able, limited);
    }

    private Paced shrunk(int current, int stable, Verdict able, History history, Instant now) {
        int limit = Math.min(
                current,
                limit(down, USUAL_DOWN, current, false, proposal -> proposal(current, proposal, history, now, -1)));
        if (stable >= Math.max(min, limit)) {
            return within(stable, able);
        }
        Verdict limited = limit > min
                ? new Verdict(
                        true,
                        "ScaleDownLimit",
                        "the desired replica count is decreasing faster than the maximum scale rate")
                : new Verdict(
                        true, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
        return new Paced(Math.max(min, limit), able, limited);
    }

    private static Paced within(int replicas, Verdict able) {
        return new Paced(
                replicas,
                able,
                new Verdict(false, "DesiredWithinRange", "the desired count is within the acceptable range"));
    }

    /** How far the policies let it go now; by default the one that lets it go furthest counts. */
    private static int limit(
            Optional<HPAScalingRules> rules,
            List<HPAScalingPolicy> usual,
            int current,
            boolean growing,
            ToIntFunction<HPAScalingPolicy> proposal) {
        String select = rules.map(HPAScalingRules::getSelectPolicy).orElse("Max");
        List<HPAScalingPolicy> policies = rules.map(HPAScalingRules::getPolicies)
                .filter(given -> !given.isEmpty())
                .orElse(usual);
        if (select.equals("Disabled")) {
            return current;
        }
        IntStream proposals = policies.stream().mapToInt(proposal);
        boolean highest = select.equals("Max") == growing;
        return (highest ? proposals.max() : proposals.min()).orElse(current);
    }

    /** @param direction 1 to grow, -1 to shrink */
    private static int proposal(int current, HPAScalingPolicy policy, History history, Instant now, int direction) {
        Duration period = Duration.ofSeconds(orZero(policy.getPeriodSeconds()));
        int begin = current - history.changeWithin(period, now);
        int value = orZero(policy.getValue());
        if ("Pods".equals(policy.getType())) {
            return begin + direction * value;
        }
        double share = begin * (1 + direction * value / 100.0);
        return (int) (direction > 0 ? Math.ceil(share) : share);
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
