package dev.linnet.routing;

import static dev.linnet.routing.Routes.CANARY;
import static dev.linnet.routing.Routes.PRIMARY;
import static dev.linnet.routing.Routes.SECOND_CANARY;
import static dev.linnet.routing.Routes.canary;
import static dev.linnet.routing.Routes.cookie;
import static dev.linnet.routing.Routes.header;
import static dev.linnet.routing.Routes.matching;
import static dev.linnet.routing.Routes.named;
import static dev.linnet.routing.Routes.plus;
import static dev.linnet.routing.Routes.request;
import static dev.linnet.routing.Routes.weight;
import static dev.linnet.routing.Routes.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.CanarySelector.HeaderRule;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
    private static final Availability ALL = _ -> true;

    private final Random random = new Random(42);

    private String serve(Rule rule, String... headers) {
        return serve(rule, ALL, headers);
    }

    private String serve(Rule rule, Availability available, String... headers) {
        return new Route(rule)
                .choose(request("http://h/", headers), available, random)
                .backend()
                .name();
    }

    private static final String TO_PRIMARY = PRIMARY.name();
    private static final String TO_CANARY = CANARY.name();

    @Nested
    class ByHeader {
        @ParameterizedTest
        @CsvSource({
            "X-Canary: always, web-canary",
            "X-Canary: never, web",
            "X-Canary: Always, web",
            "X-Canary: badheadervalue, web",
            "X-Canary:, web",
            "Other: always, web",
            "x-cAnArY: always, web-canary",
            "X-Canary:   always  , web-canary",
        })
        void obeysAlwaysAndNever(String line, String expected) {
            assertThat(serve(with(canary(header(named("X-Canary")))), line)).isEqualTo(expected);
        }

        @Test
        void takesHyphenAndUnderscoreOfTheRuleForEqual() {
            assertThat(serve(with(canary(header(named("X_Canary")))), "X-Canary: always"))
                    .isEqualTo(TO_CANARY);
        }

        @Test
        void doesNotSeeHeadersWithUnderscores() {
            assertThat(serve(with(canary(header(named("X-Canary")))), "X_Canary: always"))
                    .isEqualTo(TO_PRIMARY);
        }

        @Test
        void joinsRepeatedHeaders() {
            Rule words = with(canary(header(named("H"))));
            Rule value = with(canary(header(new HeaderRule.Value("H", "a, b"))));
            Rule pattern = with(canary(header(matching("H", "^always, never$"))));

            assertThat(serve(words, "H: always", "H: never")).isEqualTo(TO_PRIMARY);
            assertThat(serve(words, "H: always", "H: always")).isEqualTo(TO_PRIMARY);
            assertThat(serve(value, "H: a", "X: y", "h: b")).isEqualTo(TO_CANARY);
            assertThat(serve(value, "H: a, b")).isEqualTo(TO_CANARY);
            assertThat(serve(value, "H: a")).isEqualTo(TO_PRIMARY);
            assertThat(serve(value, "H: a", "H: b", "H: c")).isEqualTo(TO_PRIMARY);
            assertThat(serve(pattern, "H: always", "H: never")).isEqualTo(TO_CANARY);
        }

        @Test
        void joinsCookieLinesWithASemicolon() {
            Rule rule = with(canary(header(matching("Cookie", "^a=1; b=2$"))));

            assertThat(serve(rule, "Cookie: a=1", "Cookie: b=2")).isEqualTo(TO_CANARY);
        }

        @ParameterizedTest
        @CsvSource({
            "DoCanary, web-canary",
            "always, web",
            "never, web",
            "otherheadervalue, web",
            "docanary, web",
            "DoCanaryy, web"
        })
        void comparesAValueExactly(String sent, String expected) {
            Rule rule = with(canary(header(new HeaderRule.Value("H", "DoCanary"))));

            assertThat(serve(rule, "H: " + sent)).isEqualTo(expected);
        }

        @ParameterizedTest
        @CsvSource({"DoCanary, web-canary", "Docanary, web", "xDoCanary, web"})
        void searchesAPattern(String sent, String expected) {
            Rule rule = with(canary(header(matching("H", "^Do[A-Z][a-z]+y$"))));

            assertThat(serve(rule, "H: " + sent)).isEqualTo(expected);
        }

        @Test
        void takesAnEmptyValueForPresent() {
            assertThat(serve(with(canary(header(matching("H", "^$")))), "H:")).isEqualTo(TO_CANARY);
            assertThat(serve(with(canary(header(matching("H", "^$")))))).isEqualTo(TO_PRIMARY);
        }

        @Test
        void asksCookieAndWeightWhereTheHeaderDoesNotDecide() {
            Rule weighted = with(canary(plus(header(new HeaderRule.Value("H", "V")), 100)));
            Rule withCookie = with(canary(plus(header(new HeaderRule.Value("H", "V")), "C")));

            assertThat(serve(weighted, "H: never")).isEqualTo(TO_CANARY);
            assertThat(serve(withCookie, "H: other", "Cookie: C=always")).isEqualTo(TO_CANARY);
        }

        @Test
        void staysWithThePrimaryOnABrokenPatternIfTheHeaderIsThere() {
            Rule rule = with(canary(plus(plus(header(new HeaderRule.Broken("H", "[][")), "C"), 100)));

            assertThat(serve(rule, "H: DoCanary", "Cookie: C=always")).isEqualTo(TO_PRIMARY);
            assertThat(serve(rule, "Cookie: C=always")).isEqualTo(TO_CANARY);
            assertThat(serve(rule)).isEqualTo(TO_CANARY);
        }

        @Test
        void beatsCookieAndWeight() {
            Rule rule = with(canary(plus(plus(header(named("H")), "C"), 100)));

            assertThat(serve(rule, "H: never", "Cookie: C=always")).isEqualTo(TO_PRIMARY);
            assertThat(serve(with(canary(plus(header(named("H")), "C"))), "H: always", "Cookie: C=never"))
                    .isEqualTo(TO_CANARY);
        }
    }

    @Nested
    class ByCookie {
        @ParameterizedTest
        @CsvSource({
            "C=always, web-canary",
            "c=always, web-canary",
            "C=never, web",
            "C=badcookievalue, web",
            "Other=always, web",
            "C=never; C=always, web",
            "C=x; C=always, web",
            "a=1; C=always, web-canary",
            "a=1;C=always, web-canary",
            "a=1;   C  =   always, web-canary",
            "C=always; z=1, web-canary",
            "C=\"always\", web",
            "C=always ; z=1, web",
            "XC=always, web",
            "CX=always, web",
            "C; C=always, web-canary",
            "C, web",
            "=always, web",
        })
        void obeysAlwaysAndNever(String cookies, String expected) {
            assertThat(serve(with(canary(cookie("C"))), "Cookie: " + cookies)).isEqualTo(expected);
        }

        @Test
        void takesACommaForASeparatorAfterAnotherCookie() {
            assertThat(serve(with(canary(cookie("C"))), "Cookie: a=1,C=always")).isEqualTo(TO_CANARY);
        }

        @Test
        void takesTheFirstOfSeveralLines() {
            Rule rule = with(canary(cookie("Canary-By-Cookie")));

            assertThat(serve(rule, "Cookie: a=b", "Cookie: canary-by-cookie=always", "Cookie: canary-by-cookie=never"))
                    .isEqualTo(TO_CANARY);
        }

        @Test
        void doesNotTakeACookieWithoutNameForARule() {
            assertThat(serve(with(canary(weight(0, 100))), "Cookie: =always")).isEqualTo(TO_PRIMARY);
        }

        @Test
        void beatsWeight() {
            assertThat(serve(with(canary(plus(cookie("C"), 100))), "Cookie: C=never"))
                    .isEqualTo(TO_PRIMARY);
        }
    }

    @Nested
    class ByWeight {
        @ParameterizedTest
        @CsvSource({
            "0, 100",
            "1, 100",
            "5, 100",
            "50, 100",
            "1, 1000",
            "100, 200",
            "100, 100",
            "1000, 1000",
            "999, 1000"
        })
        void givesEachItsShare(int weight, int total) {
            int requests = 200_000;

            int hits = count(with(canary(weight(weight, total))), requests).getOrDefault(TO_CANARY, 0);

            assertWithinFiveSigma(hits, requests, (double) weight / total);
        }

        @Test
        void addsUpTheWeightsOfSeveralCanaries() {
            Rule rule = with(canary(weight(20, 100)), canary(SECOND_CANARY, weight(1, 3)));
            int requests = 200_000;

            Map<String, Integer> served = count(rule, requests);

            assertWithinFiveSigma(served.getOrDefault(TO_CANARY, 0), requests, 0.2);
            assertWithinFiveSigma(served.getOrDefault(SECOND_CANARY.name(), 0), requests, 1.0 / 3);
        }

        @Test
        void leavesNothingToThePrimaryWhereSharesAddUpToTheWhole() {
            Shares shares = Shares.of(java.util.List.of(
                    new CanarySelector.Share(1, 3), new CanarySelector.Share(1, 3), new CanarySelector.Share(1, 3)));

            assertThat(shares.isWhole()).isTrue();
            assertThat(shares.part(2)).isEqualTo(Shares.WHOLE);
        }

        @Test
        void givesOlderCanariesTheirsFirstWhereSharesAddUpToMore() {
            Rule rule = with(canary(weight(100, 100)), canary(SECOND_CANARY, weight(50, 100)));

            assertThat(count(rule, 1000)).containsOnlyKeys(TO_CANARY);
        }

        private Map<String, Integer> count(Rule rule, int requests) {
            Route route = new Route(rule);
            Map<String, Integer> served = new HashMap<>();
            TextRequest request = request("http://h/");
            for (int i = 0; i < requests; i++) {
                served.merge(route.choose(request, ALL, random).backend().name(), 1, Integer::sum);
            }
            return served;
        }

        private static void assertWithinFiveSigma(int hits, int requests, double share) {
            double sigma = Math.sqrt(requests * share * (1 - share));
            assertThat((double) hits).isBetween(requests * share - 5 * sigma, requests * share + 5 * sigma);
        }
    }

    @Nested
    class OfSeveralCanaries {
        @Test
        void asksTheHeadersOfAllBeforeTheCookieOfAny() {
            Rule rule = with(canary(cookie("C")), canary(SECOND_CANARY, header(named("H"))));

            assertThat(serve(rule, "H: always", "Cookie: C=always")).isEqualTo(SECOND_CANARY.name());
        }

        @Test
        void asksTheCookiesOfAllBeforeTheWeightOfAny() {
            Rule rule = with(canary(weight(100, 100)), canary(SECOND_CANARY, cookie("C")));

            assertThat(serve(rule, "Cookie: C=always")).isEqualTo(SECOND_CANARY.name());
        }

        @Test
        void prefersTheOlder() {
            Rule rule = with(canary(header(named("H"))), canary(SECOND_CANARY, header(named("H"))));

            assertThat(serve(rule, "H: always")).isEqualTo(TO_CANARY);
        }

        @Test
        void lettingOneRefuseDoesNotExcludeAnother() {
            Rule rule = with(canary(plus(header(named("H")), 50)), canary(SECOND_CANARY, cookie("C")));

            assertThat(serve(rule, "H: never", "Cookie: C=always")).isEqualTo(SECOND_CANARY.name());
            for (int i = 0; i < 100; i++) {
                assertThat(serve(rule, "H: never")).isEqualTo(TO_PRIMARY);
            }
        }
    }

    /** Rows of the availability matrix (spec §1.12), with its most complained-about row mended. */
    @Nested
    class WithoutEndpoints {
        private final Availability noCanary = Set.of(PRIMARY)::contains;
        private final Availability noPrimary = Set.of(CANARY)::contains;

        @Test
        void ofTheCanaryLeavesAllToThePrimary() {
            assertThat(serve(with(canary(header(named("H")))), noCanary, "H: always"))
                    .isEqualTo(TO_PRIMARY);
            assertThat(serve(with(canary(cookie("C"))), noCanary, "Cookie: C=always"))
                    .isEqualTo(TO_PRIMARY);
            assertThat(serve(with(canary(weight(100, 100))), noCanary)).isEqualTo(TO_PRIMARY);
        }

        @Test
        void ofThePrimaryStillReachesTheCanaryByRuleAndWholeWeight() {
            assertThat(serve(with(canary(header(named("H")))), noPrimary, "H: always"))
                    .isEqualTo(TO_CANARY);
            assertThat(serve(with(canary(cookie("C"))), noPrimary, "Cookie: C=always"))
                    .isEqualTo(TO_CANARY);
            assertThat(serve(with(canary(weight(100, 100))), noPrimary)).isEqualTo(TO_CANARY);
            assertThat(serve(with(canary(weight(0, 100))), noPrimary)).isEqualTo(TO_PRIMARY);
        }

        @Test
        void ofThePrimaryLeavesAPartOfTheWeightWithoutAnAnswer() {
            Rule rule = with(canary(weight(99, 100)));

            assertThat(serve(rule, noPrimary)).isEqualTo(TO_PRIMARY);
        }

        @Test
        void ofOneCanaryDoesNotGiveItsShareToAnother() {
            Rule rule = with(canary(weight(100, 100)), canary(SECOND_CANARY, weight(100, 100)));

            assertThat(serve(rule, Set.of(PRIMARY, SECOND_CANARY)::contains)).isEqualTo(TO_PRIMARY);
        }
    }
}
