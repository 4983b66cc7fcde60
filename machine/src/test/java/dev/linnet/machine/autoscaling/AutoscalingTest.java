package dev.linnet.machine.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.machine.autoscaling.Autoscaling.Decision;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AutoscalingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final HorizontalPodAutoscaler autoscaler = new HorizontalPodAutoscalerBuilder()
            .withNewMetadata()
            .withName("web")
            .withGeneration(1L)
            .endMetadata()
            .withNewSpec()
            .withMinReplicas(2)
            .withMaxReplicas(4)
            .endSpec()
            .build();

    @Test
    void raisesToTheMinimumAndLowersToTheMaximum() {
        Decision raised = Autoscaling.decide(autoscaler, scale(1), NOW);
        assertThat(raised.replicas()).isEqualTo(2);
        assertThat(raised.reason()).isEqualTo("Current number of replicas below Spec.MinReplicas");
        assertThat(raised.status().getLastScaleTime()).isEqualTo("2026-01-01T00:00:00Z");

        Decision lowered = Autoscaling.decide(autoscaler, scale(9), NOW);
        assertThat(lowered.replicas()).isEqualTo(4);
        assertThat(lowered.status().getDesiredReplicas()).isEqualTo(4);
    }

    @Test
    void leavesATargetAloneThatSomebodyScaledToZero() {
        Decision decision = Autoscaling.decide(autoscaler, scale(0), NOW);
        assertThat(decision.reason()).isEmpty();
        assertThat(decision.status().getConditions())
                .anySatisfy(condition -> assertThat(condition.getReason()).isEqualTo("ScalingDisabled"));
    }

    @Test
    void saysTheSameAgainLaterWithoutAChange() {
        Decision first = Autoscaling.decide(autoscaler, scale(3), NOW);
        HorizontalPodAutoscaler stored = new HorizontalPodAutoscalerBuilder(autoscaler)
                .withStatus(first.status())
                .build();
        Decision second = Autoscaling.decide(stored, scale(3), NOW.plusSeconds(60));
        assertThat(second.reason()).isEmpty();
        assertThat(second.status()).isEqualTo(first.status());
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
