package dev.linnet.machine.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void addsAtMostFourOrAsManyAsThereAreInAQuarterOfAMinute() {
        assertThat(paced("", 1, 50).replicas()).isEqualTo(5);
        assertThat(paced("", 10, 50).replicas()).isEqualTo(20);
        assertThat(paced("", 10, 50).limited().reason()).isEqualTo("ScaleUpLimit");
        // What was added a moment ago counts too.
        History grown = History.NONE.changed(6, NOW.minusSeconds(10));
        assertThat(pace("").paced(10, 50, grown, NOW).replicas()).isEqualTo(10);
        assertThat(pace("").paced(10, 50, grown, NOW.plusSeconds(6)).replicas()).isEqualTo(20);
    }

    @Test
    void obeysPoliciesOfItsOwn() {
        String slowly = "scaleUp: {policies: [{type: Pods, value: 2, periodSeconds: 60}]}";
        assertThat(paced(slowly, 10, 50).replicas()).isEqualTo(12);

        String least =
                "scaleUp: {selectPolicy: Min, policies: [{type: Pods, value: 2, periodSeconds: 60}, {type: Percent, value: 10, periodSeconds: 60}]}";
        assertThat(paced(least, 10, 50).replicas()).isEqualTo(11);

        String never = "scaleDown: {selectPolicy: Disabled, stabilizationWindowSeconds: 0}";
        assertThat(paced(never, 10, 2).replicas()).isEqualTo(10);
        assertThat(paced(never, 10, 2).limited().reason()).isEqualTo("ScaleDownLimit");

        String byHalf =
                "scaleDown: {stabilizationWindowSeconds: 0, policies: [{type: Percent, value: 50, periodSeconds: 60}]}";
        assertThat(paced(byHalf, 9, 1).replicas()).isEqualTo(4);
    }

    @Test
    void waitsForAWindowBeforeItGrowsIfItIsToldTo() {
        String steady = "scaleUp: {stabilizationWindowSeconds: 60}";
        History calm = History.NONE.recommended(3, NOW.minusSeconds(30));

        Pace.Paced held = pace(steady).paced(3, 6, calm, NOW);
        assertThat(held.replicas()).isEqualTo(3);
        assertThat(held.able().reason()).isEqualTo("ScaleUpStabilized");
        assertThat(pace(steady).paced(3, 6, calm, NOW.plusSeconds(40)).replicas())
                .isEqualTo(6);
    }

    @Test
    void neverLeavesItsLimits() {
        assertThat(paced("scaleDown: {stabilizationWindowSeconds: 0}", 3, 0).replicas())
                .isEqualTo(1);
        assertThat(paced("scaleDown: {stabilizationWindowSeconds: 0}", 3, 0)
                        .limited()
                        .reason())
                .isEqualTo("TooFewReplicas");
    }

    private static Pace.Paced paced(String behavior, int current, int recommended) {
        return pace(behavior).paced(current, recommended, History.NONE, NOW);
    }

    private static Pace pace(String behavior) {
        return new Pace(Serialization.unmarshal(
                "---\n{minReplicas: 1, maxReplicas: 40" + (behavior.isEmpty() ? "" : ", behavior: {" + behavior + "}")
                        + "}",
                HorizontalPodAutoscalerSpec.class));
    }
}
