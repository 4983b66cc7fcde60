package dev.linnet.manifests.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.Door;
import dev.linnet.manifests.ManifestFiles;
import dev.linnet.manifests.Manifests;
import dev.linnet.routing.Explanation;
import dev.linnet.routing.Problem;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.TextRequest;
import dev.linnet.routing.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The decision procedure of Istio's VirtualServices (spec, Appendix A), asked as a caller would. */
final class IstioRulesTest {
    private static final String SUBSETS = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews, namespace: shop}
            spec:
              host: reviews
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            """;

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

    private static final Workload PAGE_V1 = caller("shop", "v1");
    private static final Workload PAGE_V2 = caller("shop", "v2");

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
    void saysWhichRulesAreDeadBehindOneForEveryRequest() {
        String wrongOrder = SUBSETS + virtualService("""
                - match: [{}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - match: [{sourceLabels: {version: v2}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                """);

        assertThat(inside(wrongOrder, PAGE_V2, "/")).isEqualTo("v1 100");
        assertThat(problems(wrongOrder))
                .anyMatch(problem -> problem.contains("DeadRule") && problem.contains("spec.http[1] is never reached"));
    }

    @Test
    void callsNoRuleDeadThatIsReachedAtAnotherPort() {
        String byPort = SUBSETS + virtualService("""
                - match: [{port: 80}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - match: [{port: 80, uri: {prefix: /hidden}}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - route: [{destination: {host: reviews, subset: v2}}]
                """).replace("[mesh, edge]", "[mesh]");
        List<ServicePort> ports =
                List.of(new ServicePort("shop", "reviews", 80), new ServicePort("shop", "reviews", 8080));

        assertThat(objects(byPort).mesh(ports).problems())
                .extracting(Problem::path)
                .containsExactly("spec.http[1]");
        assertThat(findings(byPort)).containsOnlyOnce("is never reached").contains("spec.http[1] is never reached");
    }

    @Test
    void callsNoRuleDeadThatIsReachedFromOutsideAlone() {
        String inside = SUBSETS + virtualService("""
                - match: [{gateways: [mesh]}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - match: [{sourceLabels: {version: v2}}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - route: [{destination: {host: reviews, subset: v2}}]
                """);

        assertThat(findings(inside)).containsOnlyOnce("is never reached").contains("spec.http[1] is never reached");
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
    void putsTheRulesOfAnotherInThePlaceOfOneThatDelegates() {
        String delegates = SUBSETS + virtualService("""
                - match: [{uri: {prefix: /api}}]
                  delegate: {name: api}
                - match: [{uri: {prefix: /none}}]
                  delegate: {name: nobody}
                - route: [{destination: {host: reviews}}]
                """) + """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: shop}
                spec:
                  http:
                  - match: [{uri: {prefix: /api/v2}}]
                    route: [{destination: {host: reviews, subset: v2}}]
                  - match: [{uri: {prefix: /elsewhere}}]
                    route: [{destination: {host: reviews, subset: v2}}]
                  - route: [{destination: {host: reviews, subset: v1}}]
                """;

        assertThat(inside(delegates, PAGE_V1, "/api/v2/x")).isEqualTo("v2 100");
        assertThat(inside(delegates, PAGE_V1, "/api/x")).isEqualTo("v1 100");
        assertThat(inside(delegates, PAGE_V1, "/none")).isEqualTo("all 100");
        assertThat(inside(delegates, PAGE_V1, "/elsewhere")).isEqualTo("all 100");
        assertThat(problems(delegates))
                .anyMatch(problem -> problem.contains("is shop/nobody, which is no VirtualService without hosts"));
    }

    @Test
    void completesNamesByTheNamespaceOfWhoeverSaysThem() {
        String delegates = SUBSETS + virtualService("""
                - match: [{gateways: [edge, mesh]}]
                  delegate: {name: api, namespace: team}
                  mirror: {host: shadow}
                - delegate: {name: api, namespace: other}
                """) + """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: team}
                spec:
                  http:
                  - match: [{uri: {prefix: /a}, gateways: [shop/edge]}]
                    route: [{destination: {host: api}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: other}
                spec:
                  http:
                  - route: [{destination: {host: api}}]
                    mirror: {host: shadow}
                """;

        assertThat(objects(delegates).edge().rules().get("reviews.shop.svc.cluster.local"))
                .extracting(
                        rule -> rule.primary() + " and " + rule.policy().relay().mirrors())
                .containsExactly(
                        "team/api: and [100 % of requests to shop/shadow:]",
                        "other/api: and [100 % of requests to other/shadow:]");
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

    @Test
    void leavesAPortToTheOlderOfTwoGatewaysThatWantItForDifferentProtocols() {
        String gateways = """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: %s, namespace: shop, creationTimestamp: "%s-01-01T00:00:00Z"}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 8090, name: admin, protocol: %s}
                    hosts: ["*"]
                ---
                """;
        String two = gateways.formatted("new", "2026", "HTTP")
                + gateways.formatted("edge", "2025", "HTTPS")
                + virtualService("- route: [{destination: {host: reviews}}]");

        assertThat(objects(two).doors()).containsExactly(new Door(8090, true));
        assertThat(problems(two))
                .containsExactly("RouteTaken Gateway shop/new: spec.servers[0].port is 8090, which an older Gateway has"
                        + " with another protocol: the server is left out");
    }

    @Test
    void saysWhatIsNotObeyed() {
        String raw = SUBSETS
                + virtualService("- route: [{destination: {host: reviews, subset: v1}}]")
                + "  tcp:\n  - route: [{destination: {host: reviews}}]\n";

        assertThat(problems(raw)).contains("NotObeyed VirtualService shop/reviews: spec.tcp is not obeyed yet");
    }

    private static String virtualService(String rules) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews, namespace: shop}
                spec:
                  hosts: [reviews]
                  gateways: [mesh, edge]
                  http:
                """ + rules.indent(2);
    }

    private static Workload caller(String namespace, String version) {
        return new Workload(namespace, "productpage", Map.of("app", "productpage", "version", version));
    }

    private static String inside(String yaml, Workload caller, String path, String... headers) {
        ServicePort port = new ServicePort("shop", "reviews", 80);
        RouteTable table = RouteTable.of(objects(yaml).mesh(List.of(port)).rules().values().stream()
                .flatMap(List::stream)
                .toList());
        TextRequest request = TextRequest.of("http://reviews" + path, pairs(headers));
        return answer(explain(table, request.by(caller).at(port.ruleHost())));
    }

    private static String outside(String yaml, String url) {
        return answer(explain(edge(yaml), TextRequest.of(url, List.of())));
    }

    private static String step(String yaml, String url) {
        return String.join(
                " ", explain(edge(yaml), TextRequest.of(url, List.of())).steps());
    }

    private static RouteTable edge(String yaml) {
        return RouteTable.of(objects(yaml).edge().rules().values().stream()
                .flatMap(List::stream)
                .toList());
    }

    private static Explanation explain(RouteTable table, TextRequest request) {
        return table.explain(
                request,
                ref -> ref.subset().labels().isPresent() && ref.namespace().equals("shop"),
                new SplittableRandom(1));
    }

    private static String answer(Explanation explanation) {
        if (explanation.status() != 0) {
            return String.valueOf(explanation.status());
        }
        return explanation.chances().stream()
                .map(chance -> (chance.target().backend().subset().name().isEmpty()
                                ? "all"
                                : chance.target().backend().subset().name())
                        + " " + Math.round(chance.share() * 100))
                .collect(Collectors.joining(", "));
    }

    private static List<String> problems(String yaml) {
        IstioObjects objects = objects(yaml);
        List<Problem> all = new ArrayList<>(objects.edge().problems());
        all.addAll(objects.mesh(objects.hostsInside()).problems());
        return all.stream().map(problem -> problem.reason() + " " + problem).toList();
    }

    /** As {@code linnet check} tells them. */
    private static String findings(String yaml) {
        return IstioCheck.objects(
                        IstioObject.all(ManifestFiles.parse("test.yaml", yaml).istio()), Map.of())
                .stream()
                .flatMap(report -> report.findings().stream())
                .map(finding -> finding.what() + " " + finding.words())
                .collect(Collectors.joining("\n"));
    }

    private static IstioObjects objects(String yaml) {
        Manifests manifests = ManifestFiles.parse("test.yaml", yaml);
        assertThat(manifests.mistakes()).isEmpty();
        return new IstioObjects(IstioObject.all(manifests.istio()));
    }

    private static List<Map.Entry<String, String>> pairs(String... headers) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < headers.length; i += 2) {
            pairs.add(Map.entry(headers[i], headers[i + 1]));
        }
        return pairs;
    }
}
