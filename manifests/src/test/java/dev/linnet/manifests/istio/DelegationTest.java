package dev.linnet.manifests.istio;

import static dev.linnet.manifests.istio.Reviews.PAGE_V1;
import static dev.linnet.manifests.istio.Reviews.SUBSETS;
import static dev.linnet.manifests.istio.Reviews.inside;
import static dev.linnet.manifests.istio.Reviews.objects;
import static dev.linnet.manifests.istio.Reviews.problems;
import static dev.linnet.manifests.istio.Reviews.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** VirtualServices that let others say where a part of their requests goes (spec §1.19). */
final class DelegationTest {
    @Test
    void putsTheRulesOfAnotherInThePlaceOfOneThatDelegates() {
        String delegates = SUBSETS + virtualService("""
                - match: [{uri: {prefix: /api}}]
                  delegate: {name: api}
                - match: [{uri: {prefix: /none}}]
                  delegate: {name: nobody}
                - route: [{destination: {host: reviews}}]
                """) + api("shop", """
                - match: [{uri: {prefix: /api/v2}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - match: [{uri: {prefix: /elsewhere}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - route: [{destination: {host: reviews, subset: v1}}]
                """);

        assertThat(inside(delegates, PAGE_V1, "/api/v2/x")).isEqualTo("v2 100");
        assertThat(inside(delegates, PAGE_V1, "/api/x")).isEqualTo("v1 100");
        assertThat(inside(delegates, PAGE_V1, "/none")).isEqualTo("all 100");
        assertThat(inside(delegates, PAGE_V1, "/elsewhere")).isEqualTo("all 100");
        assertThat(problems(delegates))
                .anyMatch(problem -> problem.contains("is shop/nobody, which is no VirtualService without hosts"));
    }

    @Test
    void leavesOutWhatIsNoRule() {
        String delegates = SUBSETS + virtualService("""
                - match: [{uri: {prefix: /api}}, "x"]
                  delegate: {name: api}
                - route: [{destination: {host: reviews}}]
                """) + api("shop", """
                - "x"
                - match: [{headers: "y"}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - match: [{uri: {prefix: /api/v2}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                """);

        assertThat(inside(delegates, PAGE_V1, "/api")).isEqualTo("all 100");
        assertThat(inside(delegates, PAGE_V1, "/api/v2")).isEqualTo("v2 100");
        assertThat(problems(delegates))
                .anyMatch(problem -> problem.contains("spec.http[0].delegate is shop/api, which has \"x\" in http"
                        + " (expected: rules): it is left out"));
    }

    @Test
    void saysWhichOfItsRulesAreDeadThoughOthersAreReached() {
        String delegates = SUBSETS + virtualService("""
                - delegate: {name: api}
                - route: [{destination: {host: reviews}}]
                """) + api("shop", """
                - route: [{destination: {host: reviews, subset: v1}}]
                - match: [{uri: {prefix: /v2}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                """);

        assertThat(problems(delegates))
                .filteredOn(problem -> problem.startsWith("DeadRule"))
                .extracting(problem -> problem.substring(0, problem.indexOf(" is ")))
                .containsOnly(
                        "DeadRule VirtualService shop/reviews: spec.http[0].delegate.spec.http[1]",
                        "DeadRule VirtualService shop/reviews: spec.http[1]");
    }

    @Test
    void completesNamesByTheNamespaceOfWhoeverSaysThem() {
        String delegates = SUBSETS + virtualService("""
                - match: [{gateways: [edge, mesh]}]
                  delegate: {name: api, namespace: team}
                  mirror: {host: shadow}
                - delegate: {name: api, namespace: other}
                """) + api("team", """
                - match: [{uri: {prefix: /a}, gateways: [shop/edge]}]
                  route: [{destination: {host: api}}]
                """) + api("other", """
                - route: [{destination: {host: api}}]
                  mirror: {host: shadow}
                """);

        assertThat(objects(delegates).edge().rules().get("reviews.shop.svc.cluster.local"))
                .extracting(
                        rule -> rule.primary() + " and " + rule.policy().relay().mirrors())
                .containsExactly(
                        "team/api: and [100 % of requests to shop/shadow:]",
                        "other/api: and [100 % of requests to other/shadow:]");
    }

    /** One without hosts, to which others can leave a part of their requests. */
    private static String api(String namespace, String rules) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: NAMESPACE}
                spec:
                  http:
                """.replace("NAMESPACE", namespace) + rules.indent(2);
    }
}
