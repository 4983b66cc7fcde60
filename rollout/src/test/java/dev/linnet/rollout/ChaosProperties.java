package dev.linnet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.rollout.evidence.Side;
import dev.linnet.rollout.evidence.Target;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Hold;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import dev.linnet.rollout.run.Version;
import dev.linnet.rollout.step.Traffic;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens, and however often the controller dies: weights stay within bounds, nobody is sent to a canary that does not serve, each
 * wait has a name, and once things calm down every release ends. {@link Chaos} checks the first three at every step.
 */
final class ChaosProperties {
    private static final int SEEDS = 100;

    private static final String GATES = """
            webhooks:
              - {name: confirm, type: confirm-rollout}
              - {name: pre, type: pre-rollout}
              - {name: load, type: rollout}
              - {name: more, type: confirm-traffic-increase}
              - {name: promote, type: confirm-promotion}
              - {name: post, type: post-rollout}
              - {name: back, type: rollback}
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stepWeight: 20, maxWeight: 50, stepWeightPromotion: 30",
                "stepWeights: [1, 50, 100]",
                "stepWeight: 50, mirror: true",
                "iterations: 2, match: [{headers: {x: {exact: y}}}]",
                "iterations: 2, stepWeightPromotion: 50",
                "iterations: 1, mirror: true"
            })
    void everyReleaseEndsAndHarmsNobody(String strategy) throws IOException {
        for (String provider : List.of("istio", "kubernetes")) {
            for (boolean gated : new boolean[] {false, true}) {
                Release release = release(provider, strategy, gated);
                for (long seed = 0; seed < SEEDS; seed++) {
                    ends(release, seed);
                }
            }
        }
    }

    private static void ends(Release release, long seed) {
        Chaos chaos = new Chaos(release, seed);
        chaos.rage(60);
        boolean good = seed % 2 == 0;
        chaos.calmDown(good);

        Progress end = chaos.progress();
        assertThat(end.phase()).as("seed %s: %s", seed, end).isIn(Phase.INITIALIZED, Phase.SUCCEEDED, Phase.FAILED);
        assertThat(end.run().hold()).as("seed %s: %s", seed, end).isEqualTo(Hold.NONE);
        assertThat(chaos.world().traffic).as("seed %s: %s", seed, end).isEqualTo(Traffic.ALL_PRIMARY);
        assertThat(chaos.world().service).as("seed %s: %s", seed, end).isEqualTo(Side.PRIMARY);
        assertThat(chaos.world().canaryHasPods).as("seed %s: %s", seed, end).isFalse();
        if (end.phase() != Phase.FAILED && chaos.world().target instanceof Target.Found(Version target, boolean _)) {
            assertThat(chaos.world().primary).as("seed %s: %s", seed, end).isEqualTo(target);
        }
    }

    private static Release release(String provider, String strategy, boolean gated) throws IOException {
        String analysis =
                "{interval: 10s, threshold: 3, metrics: [{name: request-success-rate, thresholdRange: {min: 99}}], "
                        + strategy + "}";
        var canary = new YAMLMapper().createObjectNode();
        var spec = canary.putObject("spec").put("provider", provider);
        var parsed = (ObjectNode) new YAMLMapper().readTree(analysis);
        if (gated) {
            parsed.setAll((ObjectNode) new YAMLMapper().readTree(GATES));
        }
        spec.set("analysis", parsed);
        return CanaryYaml.read(canary);
    }
}
