package dev.linnet.machine.autoscaling;

import dev.linnet.machine.autoscaling.Conditions.Verdict;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatusBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpecBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an autoscaler makes of its target's size, as Kubernetes does: between min and max always, by metrics where they are
 * known; and a target that somebody scaled to 0 is left alone.
 */
final class Autoscaling {
    private static final MetricSpec USUAL = new MetricSpecBuilder()
            .withType("Resource")
            .withNewResource()
            .withName("cpu")
            .withNewTarget()
            .withType("Utilization")
            .withAverageUtilization(80)
            .endTarget()
            .endResource()
            .build();

    private final HorizontalPodAutoscaler autoscaler;
    private final Scale scale;
    private final History before;
    private final Instant now;
    private final Pace pace;
    private final int current;

    /**
     * What is to be done.
     *
     * @param replicas how many the target should have
     * @param reason   why that is another number than now, for people; empty if it is not
     * @param status   of the autoscaler, once the target is scaled
     * @param history  for the next time
     * @param problems that people should hear of
     */
    record Decision(
            int replicas,
            String reason,
            HorizontalPodAutoscalerStatus status,
            History history,
            List<Proposal.Impossible> problems) {
        Decision {
            problems = List.copyOf(problems);
        }
    }

    private Autoscaling(HorizontalPodAutoscaler autoscaler, Scale scale, History history, Instant now) {
        this.autoscaler = autoscaler;
        this.scale = scale;
        this.now = now;
        this.pace = new Pace(autoscaler.getSpec());
        this.current = orZero(scale.getSpec() == null ? null : scale.getSpec().getReplicas());
        this.before = history.begunWith(current, now);
    }

    /** @param proposals what each metric asks for, given how many replicas there are; asked only when they decide something */
    static Decision decide(
            HorizontalPodAutoscaler autoscaler,
            Scale scale,
            History history,
            Function<MetricSpec, Proposal> proposals,
            Instant now) {
        return new Autoscaling(autoscaler, scale, history, now).decide(proposals);
    }

    private Decision decide(Function<MetricSpec, Proposal> proposals) {
        Conditions conditions = Conditions.of(autoscaler, now)
                .with(
                        Conditions.ABLE_TO_SCALE,
                        new Verdict(
                                true,
                                "SucceededGetScale",
                                "the HPA controller was able to get the target's current scale"));
        if (current == 0 && pace.min() != 0) {
            Verdict disabled = new Verdict(
                    false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return unchanged(conditions.with(Conditions.SCALING_ACTIVE, disabled), List.of(), before, List.of());
        }
        if (current > pace.max()) {
            String reason = "Current number of replicas above Spec.MaxReplicas";
            return rescaled(pace.max(), reason, conditions, List.of(), before, List.of());
        }
        if (current < pace.min()) {
            String reason = "Current number of replicas below Spec.MinReplicas";
            return rescaled(pace.min(), reason, conditions, List.of(), before, List.of());
        }
        List<MetricSpec> metrics = autoscaler.getSpec().getMetrics();
        return byMetrics(
                (metrics.isEmpty() ? List.of(USUAL) : metrics)
                        .stream().map(proposals).toList(),
                conditions);
    }

    private Decision byMetrics(List<Proposal> proposals, Conditions conditions) {
        List<Proposal.Replicas> known = proposals.stream()
                .filter(Proposal.Replicas.class::isInstance)
                .map(Proposal.Replicas.class::cast)
                .toList();
        List<Proposal.Impossible> unknown = proposals.stream()
                .filter(Proposal.Impossible.class::isInstance)
                .map(Proposal.Impossible.class::cast)
                .toList();
        List<MetricStatus> statuses =
                known.stream().map(Proposal.Replicas::status).toList();
        int count = known.stream().mapToInt(Proposal.Replicas::count).max().orElse(current);
        // One metric that is not known could ask for more: that there may be fewer takes all of them.
        if (!unknown.isEmpty() && (known.isEmpty() || count < current)) {
            String why = "the HPA was unable to compute the replica count: "
                    + unknown.getFirst().why();
            Verdict inactive = new Verdict(false, unknown.getFirst().reason(), why);
            return unchanged(conditions.with(Conditions.SCALING_ACTIVE, inactive), statuses, before, unknown);
        }
        String metric = known.stream()
                .max(Comparator.comparingInt(Proposal.Replicas::count))
                .map(Proposal.Replicas::metric)
                .orElseThrow();
        Pace.Paced paced = pace.paced(current, count, before, now);
        Conditions told = conditions
                .with(
                        Conditions.SCALING_ACTIVE,
                        new Verdict(
                                true,
                                "ValidMetricFound",
                                "the HPA was able to successfully calculate a replica count from " + metric))
                .with(Conditions.ABLE_TO_SCALE, paced.able())
                .with(Conditions.SCALING_LIMITED, paced.limited());
        History history = before.recommended(count, now);
        if (paced.replicas() == current) {
            return unchanged(told, statuses, history, unknown);
        }
        String reason = paced.replicas() > current ? metric + " above target" : "All metrics below target";
        return rescaled(paced.replicas(), reason, told, statuses, history, unknown);
    }

    private Decision unchanged(
            Conditions conditions, List<MetricStatus> metrics, History history, List<Proposal.Impossible> problems) {
        return new Decision(current, "", status(current, metrics, conditions).build(), history, problems);
    }

    private Decision rescaled(
            int replicas,
            String reason,
            Conditions conditions,
            List<MetricStatus> metrics,
            History history,
            List<Proposal.Impossible> problems) {
        Verdict able = new Verdict(
                true, "SucceededRescale", "the HPA controller was able to update the target scale to " + replicas);
        HorizontalPodAutoscalerStatus status = status(
                        replicas, metrics, conditions.with(Conditions.ABLE_TO_SCALE, able))
                .withLastScaleTime(Conditions.seconds(now))
                .build();
        return new Decision(replicas, reason, status, history.changed(replicas - current, now), problems);
    }

    private HorizontalPodAutoscalerStatusBuilder status(
            int desired, List<MetricStatus> metrics, Conditions conditions) {
        HorizontalPodAutoscalerStatus stored =
                autoscaler.getStatus() == null ? new HorizontalPodAutoscalerStatus() : autoscaler.getStatus();
        int present =
                orZero(scale.getStatus() == null ? null : scale.getStatus().getReplicas());
        return new HorizontalPodAutoscalerStatusBuilder(stored)
                .withObservedGeneration(autoscaler.getMetadata().getGeneration())
                .withCurrentReplicas(present == 0 ? null : Integer.valueOf(present))
                .withDesiredReplicas(desired)
                .withCurrentMetrics(metrics)
                .withConditions(conditions.all());
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
