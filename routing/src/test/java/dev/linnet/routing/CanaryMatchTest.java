package dev.linnet.routing;

import static dev.linnet.routing.Routes.CANARY;
import static dev.linnet.routing.Routes.PRIMARY;
import static dev.linnet.routing.Routes.SECOND_CANARY;
import static dev.linnet.routing.Routes.canary;
import static dev.linnet.routing.Routes.header;
import static dev.linnet.routing.Routes.named;
import static dev.linnet.routing.Routes.plus;
import static dev.linnet.routing.Routes.weight;
import static dev.linnet.routing.Routes.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.linnet.routing.CanarySelector.CookieRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.CanarySelector.UserKey;
import dev.linnet.routing.MatchRule.Condition;
import dev.linnet.routing.policy.AddressRanges;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Combined rules, and the cookie's own value (limits L14 to L16). */
class CanaryMatchTest {
    private static final Condition BETA = new Condition.HeaderIs("X-Beta", "yes, please");

    private static String serve(Rule rule, TextRequest request) {
        return new Route(rule)
                .choose(request, _ -> true, new Random(1))
                .backend()
                .name();
    }

    private static boolean takes(TextRequest request, Condition... conditions) {
        return serve(with(canary(matching(List.of(conditions)))), request).equals(CANARY.name());
    }

    private static CanarySelector matching(List<Condition> conditions) {
        return weight(0, 100).withMatches(List.of(new MatchRule("rule", conditions)));
    }

    private static TextRequest get(String url, String... headers) {
        return request("GET", url, "10.1.2.3", headers);
    }

    private static TextRequest request(String method, String url, String client, String... headers) {
        List<Map.Entry<String, String>> lines = Arrays.stream(headers)
                .map(header -> header.split(":", 2))
                .map(parts -> Map.entry(parts[0], parts[1].strip()))
                .toList();
        return TextRequest.of(method, url, lines, Optional.of(InetAddress.ofLiteral(client)));
    }

    @Test
    void limitL14AllConditionsOfARuleMustHold() {
        Condition[] all = {
            BETA,
            new Condition.CookieIs("plan", "gold"),
            new Condition.QueryIs("v", "2"),
            new Condition.PathMatches(Pattern.compile("^/api/")),
            new Condition.MethodIs("POST"),
            new Condition.From(AddressRanges.parse("10.0.0.0/8").orElseThrow())
        };
        String[] headers = {"X-Beta: yes, please", "Cookie: plan=gold"};

        assertThat(takes(request("POST", "http://h/api/x?v=2", "10.1.2.3", headers), all))
                .isTrue();
        assertThat(takes(request("GET", "http://h/api/x?v=2", "10.1.2.3", headers), all))
                .isFalse();
        assertThat(takes(request("POST", "http://h/app/x?v=2", "10.1.2.3", headers), all))
                .isFalse();
        assertThat(takes(request("POST", "http://h/api/x?v=3", "10.1.2.3", headers), all))
                .isFalse();
        assertThat(takes(request("POST", "http://h/api/x?v=2", "11.1.2.3", headers), all))
                .isFalse();
        assertThat(takes(request("POST", "http://h/api/x?v=2", "10.1.2.3", headers[0]), all))
                .isFalse();
        assertThat(takes(request("POST", "http://h/api/x?v=2", "10.1.2.3", headers[1]), all))
                .isFalse();
    }

    @Test
    void limitL14AnyRuleIsEnough() {
        Rule rule = with(canary(weight(0, 100)
                .withMatches(List.of(
                        new MatchRule("a", List.of(BETA)),
                        new MatchRule("b", List.of(new Condition.QueryIs("beta", "1")))))));

        assertThat(serve(rule, get("http://h/?beta=1"))).isEqualTo(CANARY.name());
        assertThat(serve(rule, get("http://h/", "X-Beta: yes, please"))).isEqualTo(CANARY.name());
        assertThat(serve(rule, get("http://h/"))).isEqualTo(PRIMARY.name());
    }

    @Test
    void limitL15AHeadersValueMayHaveCommasAndBlanks() {
        assertThat(takes(get("http://h/", "X-Beta: yes, please"), BETA)).isTrue();
    }

    @Test
    void limitL16OneOfARepeatedHeadersLinesIsEnough() {
        assertThat(takes(get("http://h/", "X-Beta: no", "X-Beta: yes, please"), BETA))
                .isTrue();
        assertThat(takes(
                        get("http://h/", "X-Beta: no", "X-Beta: always"),
                        new Condition.HeaderMatches("X-Beta", Pattern.compile("^al"))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "?v=a+b, true",
        "?v=a%20b, true",
        "?%76=a%20b, true",
        "?x=1&v=a+b, true",
        "?v=a+b&x=1, true",
        "?v=x&v=a+b, true",
        "?v=a+bc, false",
        "?v=a+, false",
        "?v, false",
        "?vv=a+b, false",
        "'', false",
    })
    void readsAQueryAsAFormWould(String query, boolean expected) {
        assertThat(takes(get("http://h/" + query), new Condition.QueryIs("v", "a b")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3, 10.0.0.0/8, true", "11.1.2.3, 10.0.0.0/8, false", "fd00::1, fd00::/8, true"})
    void knowsNetworks(String client, String network, boolean expected) {
        Condition from = new Condition.From(AddressRanges.parse(network).orElseThrow());

        assertThat(takes(request("GET", "http://h/", client), from)).isEqualTo(expected);
    }

    @Test
    void asksRulesAfterTheHeadersAndCookiesOfAllCanaries() {
        Rule rule = with(canary(matching(List.of(BETA))), canary(SECOND_CANARY, plus(header(named("X-Next")), "next")));

        assertThat(serve(rule, get("http://h/", "X-Beta: yes, please", "X-Next: always")))
                .isEqualTo(SECOND_CANARY.name());
        assertThat(serve(rule, get("http://h/", "X-Beta: yes, please", "Cookie: next=always")))
                .isEqualTo(SECOND_CANARY.name());
        assertThat(serve(rule, get("http://h/", "X-Beta: yes, please"))).isEqualTo(CANARY.name());
    }

    @Test
    void limitL14NeverHoldsBesideACombinedRule() {
        Rule rule = with(canary(plus(matching(List.of(BETA)), "canary")));

        assertThat(serve(rule, get("http://h/", "X-Beta: yes, please", "Cookie: canary=never")))
                .isEqualTo(PRIMARY.name());
    }

    @Test
    void picksAShareOfTheUsersWhoAreAskedFor() {
        Condition half = new Condition.UserIsIn(new Share(50, 100), new UserKey.Header("X-User"));
        int taken = 0;
        for (int user = 0; user < 1000; user++) {
            taken += takes(get("http://h/", "X-User: u" + user, "X-Beta: yes, please"), half, BETA) ? 1 : 0;
            assertThat(takes(get("http://h/", "X-User: u" + user), half, BETA)).isFalse();
        }
        assertThat(taken).isBetween(420, 580);
        assertThat(takes(get("http://h/", "X-Beta: yes, please"), half, BETA)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"beta, web-canary", "never, web", "always, web", "Beta, web", "betas, web", "'', web"})
    void obeysTheCookiesOwnValue(String value, String expected) {
        Rule rule = with(canary(weight(0, 100).withCookie(new CookieRule.Value("foo", "beta"))));

        assertThat(serve(rule, get("http://h/", "Cookie: foo=" + value))).isEqualTo(expected);
        assertThat(serve(rule, get("http://h/", "Cookie: bar=beta"))).isEqualTo("web");
    }
}
