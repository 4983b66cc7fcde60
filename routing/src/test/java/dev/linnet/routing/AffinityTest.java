package dev.linnet.routing;

import static dev.linnet.routing.Routes.CANARY;
import static dev.linnet.routing.Routes.PRIMARY;
import static dev.linnet.routing.Routes.SECOND_CANARY;
import static dev.linnet.routing.Routes.canary;
import static dev.linnet.routing.Routes.header;
import static dev.linnet.routing.Routes.named;
import static dev.linnet.routing.Routes.plus;
import static dev.linnet.routing.Routes.request;
import static dev.linnet.routing.Routes.weight;
import static dev.linnet.routing.Routes.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.Affinity.Mode;
import dev.linnet.routing.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AffinityTest {
    private static final Affinity COOKIE = new Affinity(
            Mode.BALANCED,
            "aff",
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            false,
            Optional.empty(),
            false,
            false);
    private static final String OF_PRIMARY = "Cookie: aff=k|" + AffinityCookie.backendKey(PRIMARY);
    private static final String OF_CANARY = "Cookie: aff=k|" + AffinityCookie.backendKey(CANARY);

    private static Route sticky(CanarySide... canaries) {
        return new Route(with(canaries).withPolicy(Policy.NONE.withAffinity(COOKIE)));
    }

    private static CanarySide legacy(CanarySide side) {
        return new CanarySide(side.backend(), side.selector(), side.source(), side.balancing(), false, side.release());
    }

    private static ServiceRef choose(Route route, Availability available, String... headers) {
        return route.choose(request("http://h/", headers), available, new Random(1))
                .backend();
    }

    private static ServiceRef choose(Route route, String... headers) {
        return choose(route, _ -> true, headers);
    }

    @ParameterizedTest
    @CsvSource({
        "default, app, 80, 4a3eed8b9fdd31eec0786e1c1f7a96bc",
        "default, app-canary, 80, 9d1c5c31bf1935c7ae4e9c60b55c2b1e",
        "default, web, http, f166d50746f4b07a8c3779998465da9d",
        "access-router, production-web, 80, 3ec0ac2d8dd2cda20a93dee13e737231",
    })
    void makesTheSameBackendKeysAsIngressNginx(String namespace, String name, String port, String key) {
        assertThat(AffinityCookie.backendKey(new ServiceRef(namespace, name, port)))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "app, 10.0.0.1, 3edc4c976095403fa970f477370cc528",
        "app, 10.0.0.2, bfad8f6ca8e338ed47403c2d24b86a2e",
        "app-canary, 10.0.1.1, f374828484eb821db8c704771b454c6e",
        "app, fd00::1, 6dd2b85515a7b9b5281e05ac8d196926",
    })
    void makesTheSamePersistentKeysAsIngressNginx(String name, String address, String key) {
        assertThat(AffinityCookie.persistentKey(new ServiceRef("default", name, "80"), new Endpoint(address, 8080, "")))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "'Cookie: aff=k|b', k, b",
        "'Cookie: a=1; aff=k|b; c=2', k, b",
        "'Cookie: aff=old|x; aff=k|b', k, b",
        "'Cookie: aff=k|b trailing', k, b",
        "'Cookie: aff=k', k, ''",
        "'Cookie: aff=|k||b', k, b",
    })
    void readsTheLastCookieOfTheName(String header, String key, String backend) {
        assertThat(read(header)).contains(new AffinityCookie(key, backend));
    }

    @ParameterizedTest
    @CsvSource({"'Cookie: AFF=k|b'", "'Cookie: affx=k|b'", "'Cookie: xaff=k|b'", "'Cookie: aff=|'", "'X-Cookie: aff=k'"
    })
    void readsNoOtherCookie(String header) {
        assertThat(read(header)).isEmpty();
    }

    private static Optional<AffinityCookie> read(String... headers) {
        return AffinityCookie.read(request("http://h/", headers), "aff".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsTheLastOfSeveralLines() {
        assertThat(read("Cookie: aff=old|x", "Cookie: aff=k|b")).contains(new AffinityCookie("k", "b"));
    }

    @Test
    void x20AHeaderRuleGoesBeforeASessionOfThePrimary() {
        Route route = sticky(canary(plus(header(named("X-Canary")), 0)));

        assertThat(choose(route, OF_PRIMARY, "X-Canary: always")).isEqualTo(CANARY);
    }

    @Test
    void x21AHeaderRuleGoesBeforeASessionOfTheCanary() {
        Route route = sticky(canary(plus(header(named("X-Canary")), 0)));

        assertThat(choose(route, OF_CANARY, "X-Canary: never")).isEqualTo(PRIMARY);
        assertThat(choose(route, OF_CANARY)).isEqualTo(CANARY);
    }

    @Test
    void x22ASessionOfACanaryWithoutEndpointsIsServedByThePrimary() {
        Route route = sticky(canary(weight(50, 100)));

        assertThat(choose(route, backend -> !backend.equals(CANARY), OF_CANARY)).isEqualTo(PRIMARY);
    }

    @Test
    void x23ACookieWithoutABackendLeavesTheChoiceToChance() {
        Route route = sticky(canary(weight(50, 100)));
        Random random = new Random(1);
        Set<ServiceRef> met = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            met.add(route.choose(request("http://h/", "Cookie: aff=k"), _ -> true, random)
                    .backend());
        }

        assertThat(met).containsExactlyInAnyOrder(PRIMARY, CANARY);
    }

    @Test
    void x24L11ALegacyCanaryDoesNotRespectSessionsOfThePrimary() {
        assertThat(choose(sticky(legacy(canary(header(named("X-Canary"))))), OF_PRIMARY, "X-Canary: always"))
                .isEqualTo(CANARY);
        assertThat(choose(sticky(legacy(canary(weight(100, 100)))), OF_PRIMARY)).isEqualTo(CANARY);
        assertThat(choose(sticky(legacy(canary(weight(0, 100)))), OF_CANARY)).isEqualTo(PRIMARY);
    }

    @Test
    void l10SessionsOfThePrimaryStayWhateverTheWeight() {
        assertThat(choose(sticky(canary(weight(100, 100))), OF_PRIMARY)).isEqualTo(PRIMARY);
        assertThat(choose(sticky(canary(weight(0, 100))), OF_CANARY)).isEqualTo(CANARY);
    }

    @Test
    void aSessionOfAPrimaryWithoutEndpointsMayGoElsewhere() {
        Route route = sticky(canary(weight(100, 100)));

        assertThat(choose(route, backend -> !backend.equals(PRIMARY), OF_PRIMARY))
                .isEqualTo(CANARY);
    }

    @Test
    void aSessionStaysWithItsOwnOfSeveralCanaries() {
        Route route = sticky(canary(weight(50, 100)), canary(SECOND_CANARY, weight(50, 100)));

        assertThat(choose(route, "Cookie: aff=k|" + AffinityCookie.backendKey(SECOND_CANARY)))
                .isEqualTo(SECOND_CANARY);
    }

    @Test
    void aRouteWithoutAffinityDoesNotLookAtCookies() {
        assertThat(choose(new Route(with(canary(weight(0, 100)))), OF_CANARY)).isEqualTo(PRIMARY);
    }
}
