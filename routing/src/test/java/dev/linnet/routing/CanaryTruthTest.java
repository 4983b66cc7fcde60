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
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The truth table of §1.10, and the scenarios that a decision alone answers. */
class CanaryTruthTest {
    private static final String TO_PRIMARY = PRIMARY.name();
    private static final String TO_CANARY = CANARY.name();
    private static final Availability ALL = _ -> true;

    private static String serve(Rule rule, String... headers) {
        return serve(rule, ALL, headers);
    }

    private static String serve(Rule rule, Availability available, String... headers) {
        return new Route(rule)
                .choose(request("http://h/", headers), available, new Random(1))
                .backend()
                .name();
    }

    private static Optional<HeaderRule> rule(String kind) {
        return switch (kind) {
            case "name" -> Optional.of(named("H"));
            case "value" -> Optional.of(new HeaderRule.Value("H", "V"));
            case "pattern" -> Optional.of(matching("H", "^V+$"));
            case "broken" -> Optional.of(new HeaderRule.Broken("H", "["));
            default -> Optional.empty();
        };
    }

    /** {@code weight} stands for the weight's decision, which is asked with both answers. */
    @ParameterizedTest(name = "by header {0}, header {1}, cookie {2}: {3}")
    @CsvSource({
        "name, always, -, canary",
        "name, always, never, canary",
        "name, never, always, primary",
        "name, never, -, primary",
        "name, other, always, canary",
        "name, '', always, canary",
        "name, -, always, canary",
        "name, other, never, primary",
        "name, '', never, primary",
        "name, -, never, primary",
        "name, other, other, weight",
        "name, '', -, weight",
        "name, -, -, weight",
        "value, V, never, canary",
        "value, never, always, canary",
        "value, always, never, primary",
        "value, other, -, weight",
        "value, -, -, weight",
        "pattern, VV, never, canary",
        "pattern, other, always, canary",
        "pattern, other, -, weight",
        "broken, any, always, primary",
        "broken, any, -, primary",
        "broken, -, always, canary",
        "broken, -, -, weight",
        "none, always, always, canary",
        "none, always, never, primary",
        "none, always, other, weight",
        "none, -, -, weight",
    })
    void truthTable(String kind, String header, String cookie, String expected) {
        String[] lines = java.util.stream.Stream.of(
                        header.equals("-") ? null : "H: " + header, cookie.equals("-") ? null : "Cookie: C=" + cookie)
                .filter(java.util.Objects::nonNull)
                .toArray(String[]::new);
        CanarySelector base = new CanarySelector(rule(kind), Optional.of("C"), CanarySelector.Share.NONE);

        String without = serve(with(canary(base)), lines);
        String whole = serve(with(canary(plus(base, 100))), lines);

        assertThat(without).isEqualTo(expected.equals("canary") ? TO_CANARY : TO_PRIMARY);
        assertThat(whole).isEqualTo(expected.equals("primary") ? TO_PRIMARY : TO_CANARY);
    }

    @Test
    void x01UnderscoreInTheRuleEqualsHyphen() {
        assertThat(serve(with(canary(header(named("X_Canary")))), "X-Canary: always"))
                .isEqualTo(TO_CANARY);
    }

    @Test
    void x02NamesAreComparedWithoutCase() {
        assertThat(serve(with(canary(header(named("X-Canary")))), "x-cAnArY: always"))
                .isEqualTo(TO_CANARY);
    }

    @Test
    void x03WordsAreComparedWithCase() {
        assertThat(serve(with(canary(header(named("H")))), "H: Always")).isEqualTo(TO_PRIMARY);
    }

    @Test
    void x04X05RepeatedLinesAreOneValue() {
        assertThat(serve(with(canary(header(named("H")))), "H: always", "H: never"))
                .isEqualTo(TO_PRIMARY);
        assertThat(serve(with(canary(header(matching("H", "always")))), "H: always", "H: never"))
                .isEqualTo(TO_CANARY);
    }

    @Test
    void x06AnEmptyValueIsThere() {
        assertThat(serve(with(canary(header(matching("H", "^$")))), "H:")).isEqualTo(TO_CANARY);
    }

    @Test
    void x07WithAValueNeverIsNoWord() {
        assertThat(serve(with(canary(plus(header(new HeaderRule.Value("H", "V")), 100))), "H: never"))
                .isEqualTo(TO_CANARY);
    }

    @Test
    void x08X09ABrokenPatternCountsOnlyWhereTheHeaderIs() {
        Rule rule = with(canary(plus(header(new HeaderRule.Broken("H", "[")), 100)));

        assertThat(serve(rule)).isEqualTo(TO_CANARY);
        assertThat(serve(rule, "H: x")).isEqualTo(TO_PRIMARY);
    }

    @ParameterizedTest(name = "{0}: {1} goes to {2}")
    @CsvSource({
        "X-10, c=always, web-canary",
        "X-11, C=never; C=always, web",
        "X-12, 'a=1,C=always', web-canary",
        "X-13, C=\"always\", web",
    })
    void x10ToX13Cookies(String scenario, String cookies, String expected) {
        assertThat(serve(with(canary(cookie("C"))), "Cookie: " + cookies))
                .as(scenario)
                .isEqualTo(expected);
    }

    @Test
    void x14LimitL30ACookieWithoutNameSelectsNothing() {
        assertThat(serve(with(canary(weight(0, 100))), "Cookie: =always")).isEqualTo(TO_PRIMARY);
        assertThat(serve(with(canary(weight(100, 100))), "Cookie: =never")).isEqualTo(TO_CANARY);
    }

    /** As manifests give them: 5 of 10 are read as 5 of 100. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"X-15, 5, 100, 100000", "X-16, 1, 1000, 1000000"})
    void x15X16Shares(String scenario, int weight, int total, int draws) {
        Route route = new Route(with(canary(weight(weight, total))));
        Dealer dealer = route.newDealer(new Random(15));
        TextRequest request = request("http://h/");
        int taken = 0;
        for (int i = 0; i < draws; i++) {
            taken += route.choose(request, ALL, dealer).isCanary() ? 1 : 0;
        }
        assertThat((double) taken / draws)
                .as(scenario)
                .isBetween(weight * 0.94 / total, weight * 1.06 / total + 0.0001);
    }

    @Test
    void x18HeaderBeatsCookieAndWeight() {
        Rule rule = with(canary(plus(plus(header(named("H")), "C"), 100)));

        assertThat(serve(rule, "H: always", "Cookie: C=never")).isEqualTo(TO_CANARY);
        assertThat(serve(rule, "H: never", "Cookie: C=always")).isEqualTo(TO_PRIMARY);
    }

    /** ingress-nginx answers 503, and so do we where nothing but a part of the weight would select the canary. */
    @Test
    void x25LimitL05APrimaryWithoutEndpoints() {
        Availability noPrimary = Set.of(CANARY)::contains;

        assertThat(serve(with(canary(weight(100, 100))), noPrimary)).isEqualTo(TO_CANARY);
        assertThat(serve(with(canary(header(named("H")))), noPrimary, "H: always"))
                .isEqualTo(TO_CANARY);
        assertThat(serve(with(canary(weight(99, 100))), noPrimary)).isEqualTo(TO_PRIMARY);
    }

    @Test
    void x26LimitL06ACanaryWithoutEndpoints() {
        assertThat(serve(with(canary(header(named("H")))), Set.of(PRIMARY)::contains, "H: always"))
                .isEqualTo(TO_PRIMARY);
    }

    /** ingress-nginx leaves all to the primary: only its first canary counts. */
    @Test
    void x27LimitL01ASecondCanaryGetsItsShare() {
        Rule rule = with(canary(weight(0, 100)), canary(SECOND_CANARY, weight(100, 100)));

        assertThat(serve(rule)).isEqualTo(SECOND_CANARY.name());
    }

    @Test
    void x28LimitL01ADeadFirstCanaryDoesNotHideTheSecond() {
        Rule rule = with(canary(weight(0, 100)), canary(SECOND_CANARY, weight(100, 100)));

        assertThat(serve(rule, Set.of(PRIMARY, SECOND_CANARY)::contains)).isEqualTo(SECOND_CANARY.name());
    }

    @Test
    void limitL29APatternTakesLinearTimeWhateverTheHeaderSays() {
        Rule rule = with(canary(header(matching("H", "^(a+)+$"))));
        String value = "a".repeat(8000) + "!";

        long before = System.nanoTime();
        assertThat(serve(rule, "H: " + value)).isEqualTo(TO_PRIMARY);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
    }
}
