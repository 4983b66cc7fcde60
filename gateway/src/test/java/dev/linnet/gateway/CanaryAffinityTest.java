package dev.linnet.gateway;

import static dev.linnet.gateway.Ingresses.ingress;
import static dev.linnet.gateway.Ingresses.rules;
import static dev.linnet.gateway.Ingresses.service;
import static dev.linnet.gateway.SessionWorld.HOST;
import static dev.linnet.gateway.SessionWorld.concat;
import static dev.linnet.gateway.SessionWorld.kept;
import static dev.linnet.gateway.SessionWorld.setCookie;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.AffinityCookie;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of routes that have canaries, over real sockets: the spec's CAN-23 to CAN-25 and. */
class CanaryAffinityTest {
    private static final String[] AFF = {"affinity", "cookie", "session-cookie-name", "aff"};

    private final SessionWorld sessions = new SessionWorld();
    private final World world = sessions.world;

    @AfterEach
    void close() {
        sessions.close();
    }

    private void canary(String[] primary, String... canary) {
        world.routes(rules(
                        ingress("web", HOST, "/info", "httpbun", primary),
                        ingress("web-canary", HOST, "/info", "httpbun-canary", canary)))
                .endpoints(service("httpbun"), sessions.pods("primary", 1))
                .endpoints(service("httpbun-canary"), sessions.pods("canary", 1));
    }

    private static String session(String service) {
        return "Cookie: aff=1700000000.123.45.678901|" + AffinityCookie.backendKey(service(service));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAN-23", "CAN-24"})
    void can23And24AClientOfTheCanaryStaysThere(String scenario) {
        String[] forced = {
            "canary", "true", "canary-by-header", "ForceCanary", "canary-by-header-value", "yes", "canary-weight", "1"
        };
        canary(AFF, scenario.equals("CAN-24") ? concat(forced, "affinity-canary-behavior", "sticky") : forced);

        Conversation.Response first = world.get("/info", "ForceCanary: yes");
        assertThat(first.body()).isEqualTo("canary-0");
        String cookie = kept(setCookie(first).orElseThrow());

        for (int i = 0; i < 50; i++) {
            assertThat(world.get("/info", cookie).body()).isEqualTo("canary-0");
        }
    }

    @Test
    void can25ALegacyCanarySetsNoCookieAndShares() {
        canary(
                AFF,
                "canary",
                "true",
                "canary-by-header",
                "ForceCanary",
                "canary-by-header-value",
                "yes",
                "canary-weight",
                "50",
                "affinity-canary-behavior",
                "legacy");

        Conversation.Response forced = world.get("/info", "ForceCanary: yes");
        assertThat(forced.body()).isEqualTo("canary-0");
        assertThat(setCookie(forced)).isEmpty();

        int canaries = 0;
        for (int i = 0; i < 200; i++) {
            canaries += world.get("/info").body().equals("canary-0") ? 1 : 0;
        }
        assertThat(canaries).isBetween(80, 120);
    }

    @Test
    void x20AHeaderReachesTheCanaryFromASessionOfThePrimary() {
        canary(AFF, "canary", "true", "canary-by-header", "X-Canary");

        Conversation.Response response = world.get("/info", session("httpbun"), "X-Canary: always");

        assertThat(response.body()).isEqualTo("canary-0");
        assertThat(setCookie(response)).isEmpty();
    }

    @Test
    void x21AHeaderLeavesASessionOfTheCanary() {
        canary(AFF, "canary", "true", "canary-by-header", "X-Canary");

        assertThat(world.get("/info", session("httpbun-canary"), "X-Canary: never")
                        .body())
                .isEqualTo("primary-0");
        assertThat(world.get("/info", session("httpbun-canary")).body()).isEqualTo("canary-0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"balanced", "persistent"})
    void x22ASessionOfACanaryWithoutEndpointsIsServedByThePrimary(String mode) {
        canary(concat(AFF, "affinity-mode", mode), "canary", "true", "canary-weight", "50");
        world.endpoints(service("httpbun-canary"), List.of());

        Conversation.Response response = world.get("/info", session("httpbun-canary"));

        assertThat(response.body()).isEqualTo("primary-0");
        if (mode.equals("balanced")) {
            assertThat(setCookie(response)).isEmpty();
        } else {
            assertThat(setCookie(response).orElseThrow()).contains("|" + AffinityCookie.backendKey(service("httpbun")));
        }
    }

    @Test
    void x23ACookieWithoutABackendIsNoSession() {
        canary(AFF, "canary", "true", "canary-weight", "50");
        Set<String> met = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Conversation.Response response = world.get("/info", "Cookie: aff=1700000000.123.45.678901");
            met.add(response.body());
            assertThat(setCookie(response)).isEmpty();
        }

        assertThat(met).containsExactlyInAnyOrder("primary-0", "canary-0");
    }

    @Test
    void x24L11ASessionOfThePrimaryDoesNotKeepClientsFromALegacyCanary() {
        canary(AFF, "canary", "true", "canary-by-header", "X-Canary", "affinity-canary-behavior", "legacy");

        assertThat(world.get("/info", session("httpbun"), "X-Canary: always").body())
                .isEqualTo("canary-0");
        canary(AFF, "canary", "true", "canary-weight", "100", "affinity-canary-behavior", "legacy");
        assertThat(world.get("/info", session("httpbun")).body()).isEqualTo("canary-0");
    }

    @Test
    void l8ASessionStaysWithOneVersion() {
        canary(AFF, "canary", "true", "canary-weight", "50");
        Map<String, String> first = new java.util.HashMap<>();
        for (int i = 0; i < 20; i++) {
            Conversation.Response response = world.get("/info");
            first.put(kept(setCookie(response).orElseThrow()), response.body());
        }

        assertThat(new HashSet<>(first.values())).hasSize(2);
        first.forEach((cookie, version) -> {
            for (int i = 0; i < 3; i++) {
                assertThat(world.get("/info", cookie).body()).isEqualTo(version);
            }
        });
    }

    @Test
    void l10AHeaderRuleWorksForClientsWithASession() {
        canary(AFF, "canary", "true", "canary-by-header", "X-Canary", "canary-weight", "0");
        String cookie = kept(setCookie(world.get("/info")).orElseThrow());

        assertThat(world.get("/info", cookie, "X-Canary: always").body()).isEqualTo("canary-0");
        assertThat(world.get("/info", cookie).body()).isEqualTo("primary-0");
    }
}
