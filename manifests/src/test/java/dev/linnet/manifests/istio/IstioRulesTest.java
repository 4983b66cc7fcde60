package dev.linnet.manifests.istio;

import static dev.linnet.manifests.istio.Reviews.PAGE_V1;
import static dev.linnet.manifests.istio.Reviews.PAGE_V2;
import static dev.linnet.manifests.istio.Reviews.SUBSETS;
import static dev.linnet.manifests.istio.Reviews.caller;
import static dev.linnet.manifests.istio.Reviews.edge;
import static dev.linnet.manifests.istio.Reviews.explain;
import static dev.linnet.manifests.istio.Reviews.inside;
import static dev.linnet.manifests.istio.Reviews.objects;
import static dev.linnet.manifests.istio.Reviews.outside;
import static dev.linnet.manifests.istio.Reviews.problems;
import static dev.linnet.manifests.istio.Reviews.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.TextRequest;
import dev.linnet.routing.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The decision procedure of Istio's VirtualServices (spec, Appendix A), asked as a caller would. */
final class IstioRulesTest {
    /** Spec §1.23. */
    private static final String REVIEWS = SUBSETS + """
            apiVersion: networking.istio.io/v1beta1
            kind: VirtualService
            metadata: {name: reviews, namespace: shop}
            spec:
              hosts: [reviews]
              gateways: [mesh, edge]
              http:
              - name: tester
                match: [{headers: {x-canary: {exact: "true"}}}]
                route: [{destination: {host: reviews, subset: v2}}]
              - name: from-canary
                match: [{sourceLabels: {app: productpage, version: v2}}]
                route: [{destination: {host: reviews, subset: v2}}]
              - name: default
                match: [{}]
                route:
                - {destination: {host: reviews, subset: v1}, weight: 90}
                - {destination: {host: reviews, subset: v2}, weight: 10}
            """;

    @Test
    void decidesTheWorkedExamples() {
        assertThat(inside(REVIEWS, PAGE_V1, "/", "x-canary", "true")).isEqualTo("v2 100");
        assertThat(inside(REVIEWS, PAGE_V2, "/")).isEqualTo("v2 100");
        assertThat(inside(REVIEWS, PAGE_V1, "/")).isEqualTo("v1 90, v2 10");
        assertThat(inside(REVIEWS, Workload.UNKNOWN, "/")).isEqualTo("v1 90, v2 10");
        assertThat(inside(REVIEWS, PAGE_V1, "/", "x-canary", "TRUE")).isEqualTo("v1 90, v2 10");
        assertThat(outside(REVIEWS, "http://reviews.shop.svc.cluster.local/")).isEqualTo("v1 90, v2 10");
    }

    @Test
    void sendsCallersThatNoRuleIsForToAllPodsAndAnswersNotFoundWhereOneIs() {
        String onlyCanary = SUBSETS + virtualService("""
                - match: [{sourceLabels: {version: v2}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                """);
        String alsoHeader = SUBSETS + virtualService("""
                - match: [{sourceLabels: {version: v2}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - match: [{headers: {a: {exact: b}}}]
                  route: [{destination: {host: reviews, subset: v1}}]
                """);

        assertThat(inside(onlyCanary, PAGE_V1, "/")).isEqualTo("all 100");
        assertThat(inside(onlyCanary, PAGE_V2, "/")).isEqualTo("v2 100");
        assertThat(inside(alsoHeader, PAGE_V1, "/")).isEqualTo("404");
        assertThat(inside(alsoHeader, PAGE_V1, "/", "a", "b")).isEqualTo("v1 100");
        assertThat(inside(alsoHeader, PAGE_V2, "/")).isEqualTo("v2 100");
    }

    @Test
    void takesTheOlderOfTwoForOneHostInsideAndMergesThemOutside() {
        String two = SUBSETS + """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: young, namespace: shop, creationTimestamp: "2026-01-02T00:00:00Z"}
                spec:
                  hosts: [reviews]
                  gateways: [mesh, edge]
                  http:
                  - match: [{uri: {prefix: /young}}]
                    route: [{destination: {host: reviews, subset: v2}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: old, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec:
                  hosts: [reviews]
                  gateways: [mesh, edge]
                  http:
                  - route: [{destination: {host: reviews, subset: v1}}]
                """;

        assertThat(inside(two, PAGE_V1, "/young")).isEqualTo("v1 100");
        assertThat(outside(two, "http://reviews.shop.svc.cluster.local/young")).isEqualTo("v2 100");
        assertThat(problems(two))
                .anyMatch(problem -> problem.contains("VirtualService shop/young")
                        && problem.contains("which the older VirtualService shop/old already has"));
    }

    @Test
    void dropsWeightsOfZeroAndTakesTheOthersForShares() {
        String weights = SUBSETS + virtualService("""
                - route:
                  - {destination: {host: reviews, subset: v1}, weight: 0}
                  - {destination: {host: reviews, subset: v2}, weight: 3}
                """);
        String nothing = SUBSETS + virtualService("""
                - route:
                  - {destination: {host: reviews, subset: v1}}
                  - {destination: {host: reviews, subset: v2}}
                """);

        assertThat(inside(weights, PAGE_V1, "/")).isEqualTo("v2 100");
        assertThat(inside(nothing, PAGE_V1, "/")).isEqualTo("503");
        assertThat(problems(nothing)).anyMatch(problem -> problem.contains("has weights that sum to 0"));
    }

    @Test
    void answersUnavailableForASubsetThatNobodyDefinesAndSaysSo() {
        String missing = SUBSETS + virtualService("- route: [{destination: {host: reviews, subset: v3}}]");

        assertThat(inside(missing, PAGE_V1, "/")).isEqualTo("503");
        assertThat(problems(missing))
                .anyMatch(problem -> problem.contains("subset is v3, which no DestinationRule of"));
    }

    @Test
    void sendsDotlessNamesToTheNamespaceOfTheRuleAndOthersNowhere() {
        String dotted = SUBSETS + virtualService("- route: [{destination: {host: reviews.shop}}]");

        assertThat(inside(dotted, PAGE_V1, "/")).isEqualTo("503");
        assertThat(problems(dotted)).anyMatch(problem -> problem.contains("is reviews.shop, which is no Service"));
    }

    @Test
    void letsOnlyNamespacesSeeARuleThatIsExportedToThem() {
        String exported = SUBSETS + """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews, namespace: shop}
                spec:
                  hosts: [reviews]
                  exportTo: ["."]
                  http:
                  - route: [{destination: {host: reviews, subset: v2}}]
                """;

        assertThat(inside(exported, PAGE_V1, "/")).isEqualTo("v2 100");
        assertThat(inside(exported, caller("elsewhere", "v1"), "/")).isEqualTo("all 100");
    }

    @Test
    void redirectsAndKeepsThePortAsIstioDoes() {
        String redirects = SUBSETS + virtualService("""
                - match: [{uri: {exact: /foo}}]
                  redirect: {uri: /new/path}
                - match: [{uri: {exact: /secure}}]
                  redirect: {scheme: https, derivePort: FROM_REQUEST_PORT}
                - match: [{uri: {prefix: /old/}}]
                  redirect: {prefixRewrite: /new/, redirectCode: 308}
                """);

        assertThat(step(redirects, "http://reviews.shop.svc.cluster.local/foo?key=value"))
                .contains("301 to http://reviews.shop.svc.cluster.local/new/path?key=value");
        assertThat(step(redirects, "http://reviews.shop.svc.cluster.local/secure"))
                .contains("301 to https://reviews.shop.svc.cluster.local:80/secure");
        assertThat(step(redirects, "http://reviews.shop.svc.cluster.local:80/old/bar"))
                .contains("308 to http://reviews.shop.svc.cluster.local:80/new/bar");
    }

    @Test
    void copiesAPartOfTheRequestsToAMirror() {
        String mirrored = SUBSETS + virtualService("""
                - route: [{destination: {host: reviews, subset: v1}}]
                  mirror: {host: reviews, subset: v2}
                  mirrorPercentage: {value: 12.5}
                """);

        assertThat(objects(mirrored).edge().rules().get("reviews.shop.svc.cluster.local"))
                .singleElement()
                .extracting(rule -> rule.policy().relay().mirrors().toString())
                .isEqualTo("[12.5 % of requests to shop/reviews: subset v2]");
    }

    private static String step(String yaml, String url) {
        return String.join(
                " ", explain(edge(yaml), TextRequest.of(url, List.of())).steps());
    }
}
