package dev.linnet.manifests.istio;

import static dev.linnet.manifests.istio.Reviews.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.policy.HeaderLine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** VirtualServices that are released together with others: each rule knows both versions. */
final class JointRulesTest {
    private static final String AROUND = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: web, namespace: shop}
            spec:
              host: web
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            """;
    private static final String HEAD = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: shop, annotations: {linnet.dev/release: "checkout"}}
            spec:
              hosts: [web]
              http:
            """;

    @Test
    void marksTheSecondDestinationOfARule() {
        assertThat(rules("""
                - route:
                  - {destination: {host: web, subset: v1}, weight: 90}
                  - {destination: {host: web, subset: v2}, weight: 10}
                """)).containsExactly("v1 or v2 10/100 of shop/checkout");
    }

    @Test
    void givesRulesForOneVersionTheOtherOneWithoutAShare() {
        assertThat(rules("""
                - match: [{headers: {tester: {exact: "yes"}}}]
                  route: [{destination: {host: web, subset: v2}}]
                - match: [{sourceLabels: {version: v2}}]
                  route:
                  - {destination: {host: web, subset: v2}, weight: 100}
                - route: [{destination: {host: web, subset: v1}}]
                """))
                .containsExactly(
                        "v1 or v2 1/1 of shop/checkout",
                        "v1 or v2 1/1 of shop/checkout",
                        "v1 or v2 0/1 of shop/checkout");
    }

    @Test
    void understandsWhatFlaggerWritesForAnAudience() {
        assertThat(rules("""
                - match: [{headers: {tester: {exact: "yes"}}}]
                  route:
                  - {destination: {host: web-primary}, weight: 0}
                  - {destination: {host: web-canary}, weight: 100}
                - route:
                  - {destination: {host: web-primary}, weight: 100}
                """))
                .containsExactly(
                        "web-primary or web-canary 100/100 of shop/checkout",
                        "web-primary or web-canary 0/1 of shop/checkout");
    }

    @Test
    void leavesTheOnlyDestinationOfARuleTheLastWordOnHeaders() {
        Rule forTesters = compiled(AROUND + HEAD + """
                - match: [{headers: {tester: {exact: "yes"}}}]
                  route: [{destination: {host: web, subset: v2}, headers: {request: {set: {X-Who: v2}}}}]
                  headers: {request: {set: {x-who: rule, x-more: rule}}}
                - route: [{destination: {host: web, subset: v1}}]
                """.indent(2)).getFirst();

        assertThat(forTesters.policy().edits().request().set()).containsExactly(new HeaderLine("x-more", "rule"));
        assertThat(forTesters.policy().primaryEdits().request().set()).containsExactly(new HeaderLine("x-who", "rule"));
        assertThat(forTesters.canaries().getFirst().edits().request().set())
                .containsExactly(new HeaderLine("X-Who", "v2"));
    }

    @Test
    void takesTheMarkOfTheOneThatIsDelegatedTo() {
        String delegate = HEAD.replace("  hosts: [web]\n", "").indent(0) + """
                - route:
                  - {destination: {host: web, subset: v1}, weight: 90}
                  - {destination: {host: web, subset: v2}, weight: 10}
                """.indent(2);
        String root = """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: root, namespace: shop}
                spec:
                  hosts: [web]
                  http:
                  - delegate: {name: web}
                """;

        assertThat(described(AROUND + delegate + root)).containsExactly("v1 or v2 10/100 of shop/checkout");
    }

    @Test
    void tellsObjectsOfOneNameInTwoNamespacesApart() {
        String shared = """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: %1$s, annotations: {linnet.dev/release: "checkout"}}
                spec:
                  http:
                  - match: [{uri: {prefix: /%1$s}}]
                    route:
                    - {destination: {host: web.shop.svc.cluster.local, subset: %2$s}, weight: 90}
                    - {destination: {host: web.shop.svc.cluster.local, subset: %3$s}, weight: 10}
                """;
        String root = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: root, namespace: shop}
                spec:
                  hosts: [web]
                  http:
                  - delegate: {name: web}
                  - delegate: {name: web, namespace: other}
                """;

        assertThat(described(
                        AROUND + root + shared.formatted("shop", "v1", "v2") + shared.formatted("other", "v2", "v1")))
                .containsExactly("v1 or v2 10/100 of shop/checkout", "v2 or v1 10/100 of other/checkout");
    }

    @Test
    void leavesRulesOfOthersAsTheyAre() {
        String alone = AROUND + HEAD.replace(", annotations: {linnet.dev/release: \"checkout\"}", "") + """
                - match: [{headers: {tester: {exact: "yes"}}}]
                  route: [{destination: {host: web, subset: v2}}]
                - route: [{destination: {host: web, subset: v1}}]
                """.indent(2);

        assertThat(described(alone)).containsExactly("v2", "v1");
    }

    @Test
    void saysWhatIsWrongWithAName() {
        String yaml = AROUND + HEAD.replace("\"checkout\"", "\"check out\"") + """
                - route: [{destination: {host: web, subset: v1}}]
                """.indent(2);

        assertThat(objects(yaml).edge().problems().stream().map(Problem::toString))
                .containsExactly("VirtualService shop/web: metadata.annotations[linnet.dev/release] is \"check out\""
                        + " (expected: at most 63 letters, digits and any of - _ . between them): it is released by"
                        + " itself");
        assertThat(described(yaml)).containsExactly("v1");
    }

    private static List<String> rules(String http) {
        return described(AROUND + HEAD + http.indent(2));
    }

    private static List<String> described(String yaml) {
        return compiled(yaml).stream().map(JointRulesTest::describe).toList();
    }

    private static List<Rule> compiled(String yaml) {
        return objects(yaml).mesh(List.of(new ServicePort("shop", "web", 80))).rules().values().stream()
                .flatMap(List::stream)
                .toList();
    }

    private static String describe(Rule rule) {
        String primary = version(rule.primary().subset().name(), rule.primary().name());
        return Stream.concat(Stream.of(primary), rule.canaries().stream().map(JointRulesTest::describe))
                .collect(Collectors.joining(" or "));
    }

    private static String describe(CanarySide side) {
        Share share = side.selector().share();
        Optional<JointRelease> release = side.release();
        return version(side.backend().subset().name(), side.backend().name()) + " " + share.weight() + "/"
                + share.total() + release.map(of -> " of " + of).orElse("");
    }

    private static String version(String subset, String service) {
        return subset.isEmpty() ? service : subset;
    }
}
