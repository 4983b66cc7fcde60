package dev.linnet.manifests.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ManifestFiles;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.HeaderLine;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** HTTPRoutes that are released together with others: each rule knows both versions. */
final class JointRouteTest {
    private static final String ROUTE = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop}
            spec:
              gatewayClassName: linnet
              listeners: [{name: http, port: 80, protocol: HTTP}]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web, namespace: shop, annotations: {linnet.dev/release: "checkout"}}
            spec:
              parentRefs: [{name: edge}]
              hostnames: [web.example.com]
              rules:
              - matches: [{headers: [{name: tester, value: "yes"}]}]
                backendRefs:
                - {name: web-primary, port: 80, weight: 0}
                - {name: web-canary, port: 80, weight: 100}
              - backendRefs:
                - {name: web-primary, port: 80, weight: 100}
            """;

    @Test
    void knowsBothVersionsAlsoInRulesForOne() {
        assertThat(rules(ROUTE))
                .containsExactly(
                        "web-primary or web-canary 100/100 of shop/checkout",
                        "web-primary or web-canary 0/100 of shop/checkout");
    }

    @Test
    void leavesOtherRoutesAsTheyAre() {
        assertThat(rules(ROUTE.replace("linnet.dev/release", "example.com/release")))
                .containsExactly("web-canary", "web-primary");
    }

    @Test
    void servesARouteWhoseReleaseHasNoNameAndSaysSo() {
        String yaml = ROUTE.replace("\"checkout\"", "\"-\"");

        assertThat(compiled(yaml).problems().stream().map(Problem::toString))
                .singleElement()
                .asString()
                .startsWith("HTTPRoute shop/web: metadata.annotations[linnet.dev/release] is \"-\" (expected: ");
        assertThat(rules(yaml)).containsExactly("web-canary", "web-primary");
    }

    @Test
    void changesHeadsForEachVersionAsWrittenAlsoForTheOneThatGetsNothingByWeight() {
        String yaml = ROUTE.replace("weight: 0}", "weight: 0, " + sets("idle") + "}")
                .replace(
                        "web-canary, port: 80, weight: 100}", "web-canary, port: 80, weight: 100, " + sets("new") + "}")
                .replace(
                        "web-primary, port: 80, weight: 100}",
                        "web-primary, port: 80, weight: 100, " + sets("old") + "}");

        List<Rule> rules = compiled(yaml).rules().getOrDefault("web.example.com", List.of());

        assertThat(rules).extracting(rule -> set(rule.policy().edits())).containsExactly("", "");
        assertThat(rules)
                .extracting(rule -> set(rule.policy().primaryEdits()) + " or "
                        + set(rule.canaries().getFirst().edits()))
                .containsExactly("idle or new", "old or new");
    }

    private static String sets(String version) {
        return "filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-version, value: "
                + version + "}]}}]";
    }

    private static String set(HeadEdits edits) {
        return edits.request().set().stream().map(HeaderLine::value).collect(Collectors.joining(","));
    }

    private static List<String> rules(String yaml) {
        return compiled(yaml).rules().getOrDefault("web.example.com", List.of()).stream()
                .map(JointRouteTest::describe)
                .toList();
    }

    private static String describe(Rule rule) {
        return Stream.concat(
                        Stream.of(rule.primary().name()),
                        rule.canaries().stream().map(JointRouteTest::describe))
                .collect(Collectors.joining(" or "));
    }

    private static String describe(CanarySide side) {
        return side.backend().name() + " " + side.selector().share().weight() + "/"
                + side.selector().share().total()
                + side.release()
                        .map(JointRelease::toString)
                        .map(of -> " of " + of)
                        .orElse("");
    }

    private static GatewayApi.Compiled compiled(String yaml) {
        return GatewayApi.ofFiles(GatewayApiObject.all(
                        ManifestFiles.parse("test.yaml", yaml).gatewayApi()))
                .edge(new ListedObjects(Map.of(), Map.of()));
    }
}
