package dev.linnet.manifests.istio;

import static dev.linnet.manifests.istio.Reviews.PAGE_V2;
import static dev.linnet.manifests.istio.Reviews.SUBSETS;
import static dev.linnet.manifests.istio.Reviews.inside;
import static dev.linnet.manifests.istio.Reviews.objects;
import static dev.linnet.manifests.istio.Reviews.problems;
import static dev.linnet.manifests.istio.Reviews.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.Door;
import dev.linnet.manifests.ManifestFiles;
import dev.linnet.routing.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What authors of Istio's objects hear. */
final class IstioProblemsTest {
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
    void callsNoRuleDeadOutsideThatIsReachedInsideAlone() {
        String outside = SUBSETS + virtualService("""
                - match: [{gateways: [edge]}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - route: [{destination: {host: reviews, subset: v2}}]
                """);

        assertThat(objects(outside).edge().problems()).isEmpty();
        assertThat(findings(outside)).doesNotContain("is never reached");
    }

    @Test
    void callsNoRuleDeadInsideThatIsReachedOutsideOrAtAPortThatIsNotServedYet() {
        String elsewhere = SUBSETS + virtualService("""
                - match: [{gateways: [mesh], port: 80}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - match: [{uri: {prefix: /late}}, {gateways: [mesh], port: 8080}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - match: [{gateways: [mesh], uri: {prefix: /dead}, port: 80}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - route: [{destination: {host: reviews, subset: v1}}]
                """);
        List<ServicePort> ports = List.of(new ServicePort("shop", "reviews", 80));

        assertThat(objects(elsewhere).mesh(ports).problems())
                .extracting(Problem::path)
                .containsExactly("spec.http[2]");
    }

    @Test
    void callsNoRuleDeadWhereItIsNotFor() {
        String byPlace = SUBSETS + virtualService("""
                - match: [{gateways: [edge]}, {port: 80}]
                  route: [{destination: {host: reviews, subset: v1}}]
                - match: [{port: 8080, gateways: [mesh]}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - match: [{port: 9090, gateways: [edge]}]
                  route: [{destination: {host: reviews, subset: v2}}]
                """);

        assertThat(objects(byPlace).edge().problems()).isEmpty();
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
    void saysWhichOriginsAndStatusesCannotBeUnderstood() {
        String raw = SUBSETS + virtualService("""
                - match: [{uri: {prefix: /a}}]
                  corsPolicy: {allowOrigins: [{prefix: "https://a."}, {regex: "https://[a"}]}
                  route: [{destination: {host: reviews, subset: v1}}]
                - fault: {abort: {percentage: {value: 50}, grpcStatus: GONE}}
                  route: [{destination: {host: reviews, subset: v1}}]
                """);

        assertThat(problems(raw))
                .containsExactly(
                        "BadSpec VirtualService shop/reviews: spec.http[0].corsPolicy.allowOrigins[1].regex is \"https://[a\": missing"
                                + " closing ] (expected: an RE2 expression)",
                        "BadSpec VirtualService shop/reviews: spec.http[1].fault.abort.grpcStatus is GONE (expected: the name of a status"
                                + " of gRPC, such as UNAVAILABLE or DEADLINE_EXCEEDED)");
    }

    @Test
    void saysWhatIsNotObeyed() {
        String raw = SUBSETS
                + virtualService("- route: [{destination: {host: reviews, subset: v1}}]")
                + "  tcp:\n  - route: [{destination: {host: reviews}}]\n";

        assertThat(problems(raw)).contains("NotObeyed VirtualService shop/reviews: spec.tcp is not obeyed yet");
    }

    @Test
    void saysThatAHostOfADestinationIsNone() {
        String headers = SUBSETS + virtualService("""
                - route:
                  - destination: {host: reviews}
                    headers: {request: {set: {":authority": "two\\nlines"}}}
                """);

        assertThat(problems(headers))
                .contains(
                        "BadSpec VirtualService shop/reviews: spec.http[0].route[0].headers.request.set[:authority] is no host");
    }

    /** As {@code linnet check} tells them. */
    private static String findings(String yaml) {
        return IstioCheck.objects(
                        IstioObject.all(ManifestFiles.parse("test.yaml", yaml).istio()), Map.of(), List.of())
                .stream()
                .flatMap(report -> report.findings().stream())
                .map(finding -> finding.what() + " " + finding.words())
                .collect(Collectors.joining("\n"));
    }
}
