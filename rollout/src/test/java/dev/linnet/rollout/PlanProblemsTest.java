package dev.linnet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.rollout.plan.PlanProblem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Canary's author hears before the first release, instead of a release that stalls. */
final class PlanProblemsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nginx      | stepWeight: 0                  | true  | analysis.stepWeight is 0 (expected: 1 to 100)
                    nginx      | stepWeight: 120                | true  | analysis.stepWeight is 120 (expected: 1 to 100)
                    nginx      | stepWeight: 5, maxWeight: 150  | false | analysis.maxWeight is 150 (expected: 1 to 100)
                    nginx      | stepWeights: [5, 5]            | true  | analysis.stepWeights has 5 after 5 (expected: growing numbers up to 100)
                    nginx      | stepWeights: [5, 500]          | false | analysis.stepWeights has 500 (expected: growing numbers up to 100)
                    nginx      | stepWeight: 5, mirror: true    | true  | analysis.mirror is true, but provider nginx cannot mirror before a weighted release
                    nginx      | iterations: 5, mirror: true    | false | analysis.mirror is true, but provider nginx cannot mirror: nothing is mirrored
                    traefik    | iterations: 5, match: [{headers: {a: {exact: b}}}] | true | analysis.match is not obeyed by provider traefik: all traffic would meet the canary
                    nginx      | stepWeight: 5, sessionAffinity: {cookieName: c} | false | analysis.sessionAffinity is not obeyed: provider nginx keeps nobody at a version
                    istio      | stepWeight: 5, sessionAffinity: {cookieName: c}, match: [{headers: {a: {exact: b}}}] | false | analysis.sessionAffinity has no effect beside analysis.match (expected: one of them)
                    nginx      | stepWeight: 5, match: [{headers: {a: {exact: b}}}] | true | analysis.match is there without iterations, but provider nginx deals no shares among those who match (expected: analysis.iterations)
                    nginx      | stepWeight: 5, stepWeightPromotion: 101 | false | analysis.stepWeightPromotion is 101 (expected: 0 to 100)
                    kubernetes | iterations: 5, match: [{headers: {a: {exact: b}}}] | false | analysis A/B testing is not supported when using the kubernetes provider
                    """)
    void areToldWithWhatWouldBeRight(String provider, String analysis, boolean bars, String text) throws IOException {
        assertThat(problems(provider, analysis)).singleElement().satisfies(problem -> {
            assertThat(problem).hasToString(text);
            assertThat(problem.bars()).isEqualTo(bars);
        });
    }

    @Test
    void areNoneForWhatCanBeDone() throws IOException {
        assertThat(problems("istio", "stepWeight: 5, mirror: true, sessionAffinity: {cookieName: c}"))
                .isEmpty();
        assertThat(problems("nginx", "iterations: 5, match: [{headers: {a: {exact: b}}}]"))
                .isEmpty();
        assertThat(problems("gatewayapi:v1", "stepWeight: 5, match: [{headers: {a: {exact: b}}}]"))
                .isEmpty();
        assertThat(problems("kubernetes", "iterations: 5")).isEmpty();
    }

    private static List<PlanProblem> problems(String provider, String analysis) throws IOException {
        String canary =
                "{spec: {provider: " + provider + ", analysis: {interval: 1m, threshold: 1, " + analysis + "}}}";
        return new Rollout(CanaryYaml.read(new YAMLMapper().readTree(canary))).problems();
    }
}
