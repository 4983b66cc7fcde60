package dev.linnet.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.AffinityCookie;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.Affinity.Mode;
import dev.linnet.routing.policy.Affinity.SameSite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCookieTest {
    private static final Instant NOW = Instant.parse("2010-11-18T11:27:35Z");
    private static final ServiceRef APP = new ServiceRef("default", "app", "80");
    private static final Affinity PLAIN = new Affinity(
            Mode.BALANCED,
            "INGRESSCOOKIE",
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            false,
            Optional.empty(),
            false,
            false);

    private static Affinity sameSite(SameSite site, boolean omitNone) {
        return new Affinity(
                Mode.BALANCED,
                "c",
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false,
                Optional.of(site),
                omitNone,
                false);
    }

    @Test
    void looksLikeTheExampleOfAppendixB() {
        String cookie = SessionCookie.of(
                PLAIN, "1700000000.123.45.678901", AffinityCookie.backendKey(APP), "/", false, "", NOW);

        assertThat(cookie)
                .isEqualTo("INGRESSCOOKIE=1700000000.123.45.678901|4a3eed8b9fdd31eec0786e1c1f7a96bc; Path=/; HttpOnly");
    }

    @Test
    void hasAllAttributesInOrder() {
        Affinity all = new Affinity(
                Mode.PERSISTENT,
                "c",
                Optional.of("/shop"),
                Optional.of("foo.bar"),
                OptionalLong.of(0),
                OptionalLong.of(259_200),
                true,
                Optional.of(SameSite.LAX),
                false,
                false);

        assertThat(SessionCookie.of(all, "k", "b", "/", false, "", NOW))
                .isEqualTo("c=k|b; Expires=Thu, 18-Nov-10 11:27:35 GMT; Max-Age=259200; Domain=foo.bar; Path=/shop"
                        + "; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void aff15SaysSecureOverTlsThoughTheAuthorSaysFalse() {
        assertThat(SessionCookie.of(PLAIN, "k", "b", "/", true, "", NOW)).endsWith("; Secure; HttpOnly");
        assertThat(SessionCookie.of(PLAIN, "k", "b", "/", false, "", NOW)).doesNotContain("Secure");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/51.0.2704.103 Safari/537.36",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/66.0.3359.181 Safari/537.36",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0 Safari/537.36",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X) AppleWebKit/605.1.15",
                "Mozilla/5.0 (iPad; CPU OS 12_1 like Mac OS X) AppleWebKit/605.1.15",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_2) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
            })
    void doesNotSayNoneToClientsThatMisunderstandIt(String agent) {
        assertThat(SessionCookie.of(sameSite(SameSite.NONE, true), "k", "b", "/", false, agent, NOW))
                .doesNotContain("SameSite");
        assertThat(SessionCookie.of(sameSite(SameSite.NONE, false), "k", "b", "/", false, agent, NOW))
                .endsWith("; SameSite=None");
        assertThat(SessionCookie.of(sameSite(SameSite.STRICT, true), "k", "b", "/", false, agent, NOW))
                .endsWith("; SameSite=Strict");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/72.0.3626.81 Safari/537.36",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/87.0.4280.88 Safari/537.36",
                "Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) AppleWebKit/605.1.15",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_2) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_2) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0 Safari/537.36",
            })
    void saysNoneToClientsThatUnderstandIt(String agent) {
        assertThat(SessionCookie.of(sameSite(SameSite.NONE, true), "k", "b", "/", false, agent, NOW))
                .endsWith("; SameSite=None");
    }

    @Test
    void findsTheEndpointOfAKeyThatIngressNginxMade() {
        Stickiness persistent = new Stickiness(APP, Mode.PERSISTENT, new SplittableRandom(1));
        Candidates two =
                Some.candidates(List.of(new Endpoint("10.0.0.2", 8080, ""), new Endpoint("fd00::1", 8080, "")));

        assertThat(persistent.find(two, "bfad8f6ca8e338ed47403c2d24b86a2e")).isZero();
        assertThat(persistent.find(two, "6dd2b85515a7b9b5281e05ac8d196926")).isOne();
        assertThat(persistent.find(two, "3edc4c976095403fa970f477370cc528")).isEqualTo(Stickiness.NONE);

        Stickiness balanced = new Stickiness(APP, Mode.BALANCED, new SplittableRandom(1));
        assertThat(balanced.find(Some.candidates(3), "user-1")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BALANCED", "PERSISTENT"})
    void beginsSessionsWithEndpointsThatHaveNotFailedUntilNoneIsLeft(String mode) {
        Stickiness stickiness = new Stickiness(APP, Mode.valueOf(mode), new SplittableRandom(5));
        Candidates three = Some.candidates(3);
        List<Endpoint> tried = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Stickiness.Start start = stickiness.start(three, tried, NOW).orElseThrow();
            assertThat(tried).doesNotContain(three.get(start.endpoint()));
            assertThat(stickiness.find(three, start.key())).isEqualTo(start.endpoint());
            assertThat(start.key()).doesNotContain("|", ";", ",", " ");
            tried.add(three.get(start.endpoint()));
        }

        assertThat(stickiness.start(three, tried, NOW)).isEmpty();
    }
}
