package dev.linnet.manifests.istio;

import static dev.linnet.manifests.istio.Reviews.SUBSETS;
import static dev.linnet.manifests.istio.Reviews.objects;
import static dev.linnet.manifests.istio.Reviews.problems;
import static dev.linnet.manifests.istio.Reviews.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.ingress.Finding;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.routing.Workload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code linnet check} says of what authors of VirtualServices seldom mean (spec §8). */
final class TrapsTest {
    private static final String TWO = """
            - match: [%s]
              route: [{destination: {host: reviews, subset: v1}}]
            - match: [%s]
              route: [{destination: {host: reviews, subset: v2}}]
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{uri: {prefix: /foo}} | {uri: {prefix: /foo/bar}}",
                "{uri: {prefix: /foo}} | {uri: {exact: /foobar}, method: {exact: GET}}",
                "{uri: {prefix: /FOO}, ignoreUriCase: true} | {uri: {prefix: /foo/bar}}",
                "{uri: {prefix: /foo}} | {uri: {prefix: /foo}, sourceLabels: {app: page}}",
                "{uri: {prefix: /foo}} | {uri: {prefix: /foo}, port: 80}",
                "{uri: {prefix: /foo}} | {uri: {prefix: /foo/a}}, {uri: {prefix: /foo/b}}",
                "{headers: {x-test: {}}} | {headers: {X-Test: {exact: 'yes'}}}",
                "{headers: {x-test: {exact: a}}} | {headers: {x-test: {exact: a}}, uri: {regex: '/a.*'}}",
                "{queryParams: {a: {exact: '1'}}, method: {exact: GET}} | {method: {exact: GET}, queryParams: {a: {exact: '1'}}}"
            })
    void tellsOfARuleWhoseRequestsAreAllTakenBefore(String early, String late) {
        assertThat(problems(SUBSETS + virtualService(TWO.formatted(early, late))))
                .containsExactly(
                        "DeadRule VirtualService shop/reviews: spec.http[1] is never reached: its requests are taken by"
                                + " spec.http[0] before (expected: the rule for fewer requests first)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{uri: {prefix: /foo/bar}} | {uri: {prefix: /foo}}",
                "{uri: {prefix: /foo}} | {uri: {prefix: /FOO/bar}, ignoreUriCase: true}",
                "{uri: {prefix: /foo}, method: {exact: GET}} | {uri: {prefix: /foo}}",
                "{uri: {prefix: /foo}, sourceLabels: {app: page}} | {uri: {prefix: /foo}}",
                "{uri: {prefix: /foo}, port: 80} | {uri: {prefix: /foo}}",
                "{uri: {prefix: /foo}, gateways: [edge]} | {uri: {prefix: /foo}}",
                "{uri: {prefix: /foo}} | {uri: {prefix: /foo/a}}, {uri: {prefix: /other}}",
                "{uri: {regex: '/foo.*'}} | {uri: {prefix: /foo/a}}",
                "{headers: {x-test: {exact: a}}} | {headers: {x-test: {exact: b}}}"
            })
    void callsNoRuleDeadThatSomeRequestReaches(String early, String late) {
        assertThat(problems(SUBSETS + virtualService(TWO.formatted(early, late))))
                .isEmpty();
    }

    @Test
    void namesAllRulesThatTakeTheRequestsOfOne() {
        String three = TWO.formatted("{uri: {prefix: /a}}", "{uri: {prefix: /b}}") + """
                - match: [{uri: {exact: /a}}, {uri: {exact: /b}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                """;

        assertThat(problems(SUBSETS + virtualService(three)))
                .singleElement()
                .asString()
                .contains(
                        "spec.http[2] is never reached: its requests are taken by spec.http[0] and spec.http[1] before");
    }

    @Test
    void tellsOfPrefixesThatEndWithinAnElementAndOfSlashesThatRewritesDouble() {
        String rules = """
                - match: [{uri: {exact: /x}}, {uri: {prefix: /api}}]
                  rewrite: {uri: /}
                  route: [{destination: {host: reviews, subset: v1}}]
                - match: [{uri: {prefix: /whole/}}]
                  rewrite: {uri: /}
                  route: [{destination: {host: reviews, subset: v1}}]
                - match: [{uri: {prefix: /}}]
                  route: [{destination: {host: reviews, subset: v1}}]
                """;

        assertThat(findings(SUBSETS + virtualService(rules)))
                .containsExactly(
                        new Finding(
                                "spec.http[0].match[1].uri.prefix",
                                Standing.DIFFERS,
                                "is /api, which takes /apix, too, as in Istio (for whole elements of paths: prefix /api/ and exact /api)"),
                        new Finding(
                                "spec.http[0].rewrite.uri",
                                Standing.DIFFERS,
                                "is /, so /api/a becomes //a (expected: prefix /api/, or no slash at the end)"));
        assertThat(objects(SUBSETS + virtualService(rules)).edge().problems()).isEmpty();
    }

    @Test
    void tellsOfASubsetWithoutPodsThatGetsRequests() {
        String rules = """
                - match: [{uri: {prefix: /none/}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - route:
                  - {destination: {host: reviews, subset: v1}, weight: 100}
                  - {destination: {host: reviews, subset: v2}, weight: 0}
                """;
        String yaml = SUBSETS + virtualService(rules);
        Workload v1 = new Workload("shop", "reviews-v1", Map.of("app", "reviews", "version", "v1"));
        Workload v2 = new Workload("shop", "reviews-v2", Map.of("app", "reviews", "version", "v2"));

        assertThat(findings(yaml, v1))
                .extracting(finding -> finding.what() + " " + finding.words())
                .containsExactly(
                        "spec.http[0].route[0].destination.subset is v2, and no Pod of namespace shop has its labels"
                                + " version=v2: its requests are answered 503");
        assertThat(findings(yaml, v1, v2)).extracting(Finding::standing).containsExactly(Standing.OBEYED);
        assertThat(findings(yaml)).as("nothing is known of Pods").hasSize(1);
    }

    private static List<Finding> findings(String yaml, Workload... pods) {
        return IstioCheck.objects(
                        IstioObject.all(ManifestFiles.parse("test.yaml", yaml).istio()), Map.of(), List.of(pods))
                .stream()
                .filter(report -> report.object().kind().equals("VirtualService"))
                .flatMap(report -> report.findings().stream())
                .toList();
    }
}
