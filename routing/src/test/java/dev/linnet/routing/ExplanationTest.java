package dev.linnet.routing;

import static dev.linnet.routing.Routes.CANARY;
import static dev.linnet.routing.Routes.PRIMARY;
import static dev.linnet.routing.Routes.canary;
import static dev.linnet.routing.Routes.cookie;
import static dev.linnet.routing.Routes.exact;
import static dev.linnet.routing.Routes.header;
import static dev.linnet.routing.Routes.named;
import static dev.linnet.routing.Routes.plus;
import static dev.linnet.routing.Routes.prefix;
import static dev.linnet.routing.Routes.regex;
import static dev.linnet.routing.Routes.request;
import static dev.linnet.routing.Routes.weight;
import static dev.linnet.routing.Routes.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Rewrite;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {
    private static Explanation explain(List<Rule> rules, Availability available, String url, String... headers) {
        return RouteTable.of(rules).explain(request(url, headers), available, new Random(1));
    }

    @Test
    void tellsStepByStepWhyTheCanaryTakesARequest() {
        Rule rule = with(canary(plus(header(named("X-Canary")), "C")));

        Explanation explanation = explain(List.of(rule), _ -> true, "http://h/a", "X-Canary: always");

        assertThat(explanation.steps())
                .containsExactly(
                        "No rule names host \"h\": the rules for any host apply.",
                        "Path /a is taken by Ingress default/Prefix /:  Prefix /.",
                        "Header X-Canary (always or never) of Ingress default/web-canary: takes the request.",
                        "The request goes to Service default/web-canary:80 (canary).");
        assertThat(explanation.side()).hasValueSatisfying(side -> {
            assertThat(side.side()).isEqualTo("canary");
            assertThat(side.backend()).isEqualTo(CANARY);
        });
        assertThat(explanation.chances())
                .singleElement()
                .satisfies(chance -> assertThat(chance.share()).isOne());
        assertThat(explanation.problems()).isEmpty();
    }

    @Test
    void tellsTheChancesWhereTheWeightDecides() {
        Explanation explanation = explain(List.of(with(canary(weight(10, 100)))), _ -> true, "http://h/");

        assertThat(explanation.chances())
                .satisfiesExactly(
                        primary -> {
                            assertThat(primary.target().backend()).isEqualTo(PRIMARY);
                            assertThat(primary.share()).isEqualTo(0.9);
                        },
                        canary -> {
                            assertThat(canary.target().backend()).isEqualTo(CANARY);
                            assertThat(canary.share()).isEqualTo(0.1);
                        });
    }

    @Test
    void tellsWhyNotTheOthers() {
        Explanation explanation =
                explain(List.of(exact("h", "/a"), prefix("h", "/"), prefix("h", "/b")), _ -> true, "http://h/a");

        assertThat(explanation.others())
                .extracting(Explanation.WhyNot::what, Explanation.WhyNot::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "Ingress default/Prefix h/: h Prefix /",
                                "another rule matches more exactly, or is older"),
                        org.assertj.core.groups.Tuple.tuple(
                                "Ingress default/Prefix h/b: h Prefix /b", "its path does not match /a"));
    }

    @Test
    void tellsOfMissingEndpoints() {
        Rule rule = with(canary(plus(cookie("C"), 100)));

        Explanation toPrimary = explain(List.of(rule), Set.of(PRIMARY)::contains, "http://h/");
        Explanation toNobody = explain(List.of(rule), _ -> false, "http://h/");

        assertThat(toPrimary.status()).isZero();
        assertThat(toPrimary.side())
                .hasValueSatisfying(side -> assertThat(side.side()).isEqualTo("primary"));
        assertThat(toPrimary.problems())
                .singleElement()
                .hasToString("Ingress default/web-canary: backend default/web-canary:80 has no ready endpoints:"
                        + " its requests go to the primary");
        assertThat(toNobody.status()).isEqualTo(503);
        assertThat(toNobody.problems()).hasSize(2);
    }

    @Test
    void tellsOfBrokenPatternsAndTooMuchWeight() {
        Rule rule = with(canary(plus(header(new HeaderRule.Broken("H", "[")), 80)), canary(weight(50, 100)));

        Explanation explanation = explain(List.of(rule), _ -> true, "http://h/", "H: x");

        assertThat(explanation.problems())
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message).contains("has pattern \"[\""))
                .anySatisfy(message -> assertThat(message).contains("130 % together (expected: at most 100)"));
    }

    @Test
    void tellsWhatNothingServes() {
        assertThat(explain(List.of(), _ -> true, "http://h/").status()).isEqualTo(404);
        assertThat(explain(List.of(prefix("h", "/a")), _ -> true, "http://h/b").status())
                .isEqualTo(404);
        assertThat(explain(List.of(prefix("h", "/a/")), _ -> true, "http://h/a").status())
                .isEqualTo(301);
    }

    @Test
    void refusesWhatTheGatewayWouldRefuse() {
        assertThatThrownBy(() -> request("http://h/../x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a path below /");
        assertThatThrownBy(() -> request("ht tp")).hasMessageContaining("expected: http://host/path");
    }

    @Test
    void tellsOfUsersTurnsAndCombinedRules() {
        CanarySelector sticky = weight(50, 100)
                .withSpread(new CanarySelector.Spread.Sticky(new CanarySelector.UserKey.Header("X-User")))
                .withMatches(List.of(new MatchRule("method=POST", List.of(new MatchRule.Condition.MethodIs("POST")))));
        Rule rule = with(canary(sticky));

        Explanation known = explain(List.of(rule), _ -> true, "http://h/", "X-User: ann");
        Explanation unknown = explain(List.of(rule), _ -> true, "http://h/");

        assertThat(known.chances()).singleElement().satisfies(chance -> {
            assertThat(chance.share()).isOne();
            assertThat(chance.target()).isEqualTo(known.side().orElseThrow());
        });
        assertThat(known.steps())
                .anySatisfy(step ->
                        assertThat(step).isEqualTo("Rule \"method=POST\" of Ingress default/web-canary: says nothing."))
                .anySatisfy(step -> assertThat(step).contains("the user does, known by header X-User"));
        assertThat(unknown.side().orElseThrow().side()).isEqualTo("primary");
        assertThat(unknown.others())
                .anySatisfy(other -> assertThat(other.reason()).isEqualTo("the user is not among its 50 %"));
    }

    @Test
    void tellsWhoStandsInForThePrimary() {
        Rule rule = with(canary(weight(10, 100).withFailover(true)));

        Explanation explanation = explain(List.of(rule), Set.of(CANARY)::contains, "http://h/");

        assertThat(explanation.status()).isZero();
        assertThat(explanation.side().orElseThrow().backend()).isEqualTo(CANARY);
        assertThat(explanation.steps())
                .contains("The primary has no ready endpoints: Ingress default/web-canary stands in for it.");
        assertThat(explanation.chances()).hasSize(1);
    }

    @Test
    void tellsWhereClientsAreSent() {
        Redirects toHttps = Redirects.NONE.withToHttps(Optional.of(new Redirects.ToHttps(true, 308, false)));
        Redirects elsewhere = toHttps.withElsewhere(new Redirects.Elsewhere.ToUrl(301, "http://new/"));

        Explanation https = explain(redirecting(toHttps), _ -> true, "http://h/a/?b");
        Explanation gone = explain(redirecting(elsewhere), _ -> true, "http://h/a");

        assertThat(https.status()).isEqualTo(308);
        assertThat(https.steps()).contains("The rule wants HTTPS: 308 to https://h/a/?b.");
        assertThat(explain(redirecting(toHttps), _ -> true, "https://h/a").status())
                .isZero();
        assertThat(gone.status()).isEqualTo(301);
        assertThat(gone.steps()).contains("The rule sends every request elsewhere: 301 to http://new/.");
    }

    private static List<Rule> redirecting(Redirects redirects) {
        return List.of(prefix("h", "/").withPolicy(Policy.NONE.withRedirects(redirects)));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, 'Access: only from 10.0.0.0/8.'",
        "10.1.2.3, 0, 'It comes from 10.1.2.3, which is let in.'",
        "192.0.2.1, 403, 'It comes from 192.0.2.1, which is not let in: 403.'",
    })
    void letsTheAddressDecideWhereOnlySomeMay(String from, int status, String step) {
        Access.Sources sources =
                new Access.Sources(AddressRanges.parse("10.0.0.0/8").orElseThrow(), AddressRanges.NONE);
        Rule rule = prefix("h", "/")
                .withPolicy(Policy.NONE.withAccess(
                        new Access(sources, Optional.empty(), Optional.empty(), false, Optional.empty(), List.of())));
        TextRequest request = TextRequest.of(
                "GET",
                "http://h/",
                List.of(),
                from.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(from)));

        Explanation explanation = RouteTable.of(List.of(rule)).explain(request, _ -> true, new Random(1));

        assertThat(explanation.status()).isEqualTo(status);
        assertThat(explanation.steps()).contains(step);
    }

    @Test
    void tellsThatNobodyMayUseAClosedRoute() {
        Rule rule =
                prefix("h", "/").withPolicy(Policy.NONE.withAccess(Access.OPEN.closedBecause("auth-type is missing")));

        Explanation explanation = explain(List.of(rule), _ -> true, "http://h/");

        assertThat(explanation.status()).isEqualTo(503);
        assertThat(explanation.side()).isEmpty();
        assertThat(explanation.steps())
                .contains(
                        "Access: is closed: auth-type is missing.",
                        "Nobody may use it until its author's mistake is corrected: 503.");
    }

    @Test
    void tellsOfExpressionsAndWhatBackendsGet() {
        Rewrite rewrite = new Rewrite(
                Pattern.compile("/a/(.+)"),
                List.of(new Rewrite.Piece.Text("/b/"), new Rewrite.Piece.Group(1)),
                Optional.empty());
        BackendTarget target = new BackendTarget(Optional.of(rewrite), Optional.of("inner"));
        Rule rule = regex("h", "/a/(.+)").withPolicy(Policy.NONE.withTarget(target));

        assertThat(explain(List.of(rule), _ -> true, "http://h/a/c").steps())
                .contains(
                        "Path /a/c is taken by Ingress default/Regex h/a/(.+): h Regex /a/(.+).",
                        "The backend gets path /b/c instead of the client's.",
                        "The backend gets Host inner.");
    }
}
