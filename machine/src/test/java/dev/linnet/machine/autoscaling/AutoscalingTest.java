package dev.linnet.machine.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.autoscaling.Autoscaling.Decision;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoscalingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String CPU = "cpu resource utilization (percentage of request)";

    private final HorizontalPodAutoscaler autoscaler = new HorizontalPodAutoscalerBuilder()
            .withNewMetadata()
            .withName("web")
            .withGeneration(1L)
            .endMetadata()
            .withNewSpec()
            .withMinReplicas(2)
            .withMaxReplicas(8)
            .addNewMetric()
            .withType("Resource")
            .endMetric()
            .endSpec()
            .build();

    @Test
    void raisesToTheMinimumAndLowersToTheMaximumWithoutAskingForMetrics() {
        Decision raised = decide(autoscaler, 1, NOW);
        assertThat(raised.replicas()).isEqualTo(2);
        assertThat(raised.reason()).isEqualTo("Current number of replicas below Spec.MinReplicas");
        assertThat(raised.status().getLastScaleTime()).isEqualTo("2026-01-01T00:00:00Z");

        Decision lowered = decide(autoscaler, 19, NOW);
        assertThat(lowered.replicas()).isEqualTo(8);
        assertThat(lowered.status().getDesiredReplicas()).isEqualTo(8);
        assertThat(condition(lowered, "AbleToScale").getMessage())
                .isEqualTo("the HPA controller was able to update the target scale to 8");
    }

    @Test
    void leavesATargetAloneThatSomebodyScaledToZero() {
        Decision decision = decide(autoscaler, 0, NOW);

        assertThat(decision.reason()).isEmpty();
        assertThat(condition(decision, "ScalingActive").getReason()).isEqualTo("ScalingDisabled");
    }

    @Test
    void keepsTheSizeAndSaysWhyWhenNothingIsMeasured() {
        Decision decision = decide(autoscaler, 3, NOW, unknown());

        assertThat(decision.reason()).isEmpty();
        assertThat(condition(decision, "ScalingActive").getStatus()).isEqualTo("False");
        assertThat(condition(decision, "ScalingActive").getReason()).isEqualTo("FailedGetResourceMetric");
        assertThat(condition(decision, "ScalingActive").getMessage())
                .isEqualTo("the HPA was unable to compute the replica count: failed to get cpu utilization: no");
        assertThat(decision.problems()).hasSize(1);
    }

    @Test
    void saysTheSameAgainLaterWithoutAChange() {
        Decision first = decide(autoscaler, 3, NOW, unknown());
        HorizontalPodAutoscaler stored = new HorizontalPodAutoscalerBuilder(autoscaler)
                .withStatus(first.status())
                .build();

        Decision second = decide(stored, 3, NOW.plusSeconds(60), unknown());

        assertThat(second.reason()).isEmpty();
        assertThat(second.status()).isEqualTo(first.status());
    }

    @Test
    void growsWhenAMetricAsksForMore() {
        Decision decision = decide(autoscaler, 3, NOW, replicas(5));

        assertThat(decision.replicas()).isEqualTo(5);
        assertThat(decision.reason()).isEqualTo(CPU + " above target");
        assertThat(condition(decision, "ScalingActive").getMessage())
                .isEqualTo("the HPA was able to successfully calculate a replica count from " + CPU);
        assertThat(condition(decision, "ScalingLimited").getReason()).isEqualTo("DesiredWithinRange");
    }

    @Test
    void shrinksOnlyWhenNoRecommendationOfTheLastFiveMinutesWasHigher() {
        Decision busy = decide(autoscaler, 5, NOW, replicas(5));

        Decision soon =
                Autoscaling.decide(autoscaler, scale(5), busy.history(), _ -> replicas(2), NOW.plusSeconds(100));
        assertThat(soon.reason()).isEmpty();
        assertThat(condition(soon, "AbleToScale").getReason()).isEqualTo("ScaleDownStabilized");

        Decision later =
                Autoscaling.decide(autoscaler, scale(5), soon.history(), _ -> replicas(2), NOW.plusSeconds(301));
        assertThat(later.replicas()).isEqualTo(2);
        assertThat(later.reason()).isEqualTo("All metrics below target");
    }

    @Test
    void staysWithinItsMaximumAndSaysSo() {
        Decision decision = decide(autoscaler, 7, NOW, replicas(12));

        assertThat(decision.replicas()).isEqualTo(8);
        assertThat(condition(decision, "ScalingLimited").getReason()).isEqualTo("TooManyReplicas");
    }

    @Test
    void doesNotShrinkWhileOneMetricIsUnknown() {
        HorizontalPodAutoscaler two = new HorizontalPodAutoscalerBuilder(autoscaler)
                .editSpec()
                .addNewMetric()
                .withType("Resource")
                .endMetric()
                .withNewBehavior()
                .withNewScaleDown()
                .withStabilizationWindowSeconds(0)
                .endScaleDown()
                .endBehavior()
                .endSpec()
                .build();

        assertThat(decide(two, 5, NOW, replicas(2), unknown()).replicas()).isEqualTo(5);
        assertThat(decide(two, 5, NOW, replicas(7), unknown()).replicas()).isEqualTo(7);
        assertThat(decide(two, 5, NOW, replicas(2), replicas(3)).replicas()).isEqualTo(3);
    }

    private static Decision decide(
            HorizontalPodAutoscaler autoscaler, int replicas, Instant now, Proposal... proposals) {
        Deque<Proposal> answers = new ArrayDeque<>(List.of(proposals));
        return Autoscaling.decide(autoscaler, scale(replicas), History.NONE, (MetricSpec _) -> answers.remove(), now);
    }

    private static Proposal replicas(int count) {
        return new Proposal.Replicas(count, CPU, new MetricStatus());
    }

    private static Proposal unknown() {
        return new Proposal.Impossible("FailedGetResourceMetric", "failed to get cpu utilization: no");
    }

    private static HorizontalPodAutoscalerCondition condition(Decision decision, String type) {
        return decision.status().getConditions().stream()
                .filter(each -> each.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static Scale scale(int replicas) {
        return new ScaleBuilder()
                .withNewSpec(replicas)
                .withNewStatus()
                .withReplicas(replicas)
                .endStatus()
                .build();
    }
}
