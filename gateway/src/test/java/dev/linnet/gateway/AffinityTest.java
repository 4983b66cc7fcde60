package dev.linnet.gateway;

import static dev.linnet.gateway.Ingresses.ingress;
import static dev.linnet.gateway.Ingresses.problems;
import static dev.linnet.gateway.Ingresses.rules;
import static dev.linnet.gateway.Ingresses.service;
import static dev.linnet.gateway.SessionWorld.HOST;
import static dev.linnet.gateway.SessionWorld.concat;
import static dev.linnet.gateway.SessionWorld.kept;
import static dev.linnet.gateway.SessionWorld.setCookie;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.linnet.routing.AffinityCookie;
import dev.linnet.routing.Endpoint;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Session cookies over real sockets (spec §8.2). */
class AffinityTest {
    private static final String[] STICKY = {"affinity", "cookie", "session-cookie-name", "SERVERID"};

    private final SessionWorld sessions = new SessionWorld();
    private final World world = sessions.world;

    @AfterEach
    void close() {
        sessions.close();
    }

    private void echo(Ingress... ingresses) {
        world.routes(rules(ingresses)).endpoints(service("echo"), sessions.pods("echo", 2));
    }

    private static Ingress sticky(String path, String... more) {
        return ingress("sticky", HOST, path, "echo", concat(STICKY, more));
    }

    private String cookieAt(String path) {
        Conversation.Response response = world.get(path);
        assertThat(response.status()).isEqualTo(200);
        return setCookie(response).orElse("");
    }

    @Test
    void aff1SetsTheNamedCookie() {
        echo(sticky("/"));

        assertThat(cookieAt("/")).startsWith("SERVERID=").contains("|" + AffinityCookie.backendKey(service("echo")));
    }

    @Test
    void aff2ObeysAnotherNameAtOnce() {
        echo(sticky("/"));
        assertThat(cookieAt("/")).startsWith("SERVERID=");

        world.routes(rules(ingress("sticky", HOST, "/", "echo", "affinity", "cookie", "session-cookie-name", "OTHER")));

        assertThat(cookieAt("/")).startsWith("OTHER=");
    }

    @Test
    void aff3SaysThePathOfTheRoute() {
        echo(sticky("/something"));

        assertThat(cookieAt("/something/else")).contains("; Path=/something;");
    }

    @Test
    void aff4SaysTheOwnPathOfEachRoute() {
        echo(sticky("/something"), ingress("other", HOST, "/somewhereelse", "echo", STICKY));

        assertThat(cookieAt("/something")).contains("; Path=/something;");
        assertThat(cookieAt("/somewhereelse")).contains("; Path=/somewhereelse;");
    }

    @Test
    void aff5SaysWhenItExpires() {
        echo(sticky("/", "session-cookie-expires", "172800", "session-cookie-max-age", "259200"));

        String cookie = cookieAt("/");

        assertThat(cookie).contains("; Max-Age=259200; ");
        String expires = cookie.replaceFirst(".*; Expires=", "").replaceFirst(";.*", "");
        LocalDateTime told =
                LocalDateTime.parse(expires, DateTimeFormatter.ofPattern("EEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US));
        assertThat(told.toInstant(ZoneOffset.UTC))
                .isCloseTo(Instant.now().plus(Duration.ofDays(2)), within(1, ChronoUnit.MINUTES));
    }

    @Test
    void aff6SaysTheDomain() {
        echo(sticky("/", "session-cookie-domain", "foo.bar"));

        assertThat(cookieAt("/")).contains("; Domain=foo.bar;");
    }

    @Test
    void aff7SaysNoDomainUnlessAsked() {
        echo(sticky("/"));

        assertThat(cookieAt("/")).doesNotContain("; Domain");
    }

    @Test
    void aff8SaysTheCookiesOwnPathRatherThanTheRoutes() {
        echo(sticky("/foo", "session-cookie-path", "/foo/bar"));

        assertThat(cookieAt("/foo/bar")).startsWith("SERVERID=").contains("; Path=/foo/bar;");
    }

    @Test
    void aff9TellsTheAuthorWhoseCookiePathWouldBeAPattern() {
        assertThat(problems(sticky("/foo/.*", "use-regex", "true")))
                .anyMatch(problem -> problem.message().contains("session-cookie-path"));
        assertThat(problems(sticky("/foo/.*", "use-regex", "true", "session-cookie-path", "/foo")))
                .noneMatch(problem -> problem.message().contains("session-cookie-path"));
    }

    @Test
    void aff10SetsNoneOnAnotherRouteOfTheSameService() {
        echo(ingress("deep", HOST, "/foo/bar", "echo", STICKY), ingress("shallow", HOST, "/foo", "echo"));

        assertThat(setCookie(world.get("/foo"))).isEmpty();
        assertThat(cookieAt("/foo/bar")).contains("; Path=/foo/bar;");
    }

    @Test
    void aff11SetsItForAnyHost() {
        echo(ingress("sticky", "", "/", "echo", STICKY));

        assertThat(cookieAt("/")).startsWith("SERVERID=");
    }

    @Test
    void aff12SetsItForEveryNameOfAHost() {
        echo(ingress("sticky", "foo.com", "/bar", "echo", concat(STICKY, "server-alias", "a1.foo.com,a2.foo.com")));

        for (String host : List.of("foo.com", "a1.foo.com", "a2.foo.com")) {
            try (Conversation client = Conversation.with(world.gateway.httpAddress())) {
                Conversation.Response response = client.send("GET /bar HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                        .readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(setCookie(response).orElse("")).as(host).startsWith("SERVERID=");
            }
        }
    }

    @Test
    void aff13SaysSecureWhereAsked() {
        echo(sticky("/bar", "session-cookie-secure", "true"));

        assertThat(cookieAt("/bar")).contains("; Secure");
    }

    @Test
    void aff14DoesNotSaySecureOverPlainHttp() {
        echo(sticky("/bar", "session-cookie-secure", "false"));

        assertThat(cookieAt("/bar")).doesNotContain("; Secure");
    }

    @Test
    void afm1KeepsToManifestsThatSayObsoleteThings() {
        assertThat(problems(sticky(
                        "/",
                        "affinity-mode",
                        "balanced",
                        "session-cookie-expires",
                        "172800",
                        "session-cookie-max-age",
                        "172800",
                        "ssl-redirect",
                        "false",
                        "session-cookie-hash",
                        "sha1")))
                .noneMatch(problem -> problem.reason() == dev.linnet.routing.Problem.Reason.BAD_ANNOTATION);
    }

    @Test
    void afm2StaysWithThePodAsLongAsItIsThere() {
        List<Endpoint> pods = new ArrayList<>(sessions.pods("echo", 5));
        world.routes(rules(sticky("/", "affinity-mode", "persistent"))).endpoints(service("echo"), pods);
        Conversation.Response first = world.get("/");
        String cookie = kept(setCookie(first).orElseThrow());
        for (int i = 0; i < 10; i++) {
            pods.addAll(sessions.pods("more" + i, 1));
            world.endpoints(service("echo"), pods);
            Conversation.Response next = world.get("/", cookie);
            assertThat(next.body()).isEqualTo(first.body());
            assertThat(setCookie(next)).isEmpty();
        }

        world.endpoints(service("echo"), List.of());
        assertThat(world.get("/", cookie).status()).isEqualTo(503);

        world.endpoints(service("echo"), sessions.pods("new", 2));
        Conversation.Response moved = world.get("/", cookie);
        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.body()).startsWith("new").isNotEqualTo(first.body());
        assertThat(setCookie(moved)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"balanced", "persistent"})
    void staysWithAPodAndIsNotToldAgain(String mode) {
        world.routes(rules(sticky("/", "affinity-mode", mode))).endpoints(service("echo"), sessions.pods("echo", 5));
        for (int client = 0; client < 10; client++) {
            Conversation.Response first = world.get("/");
            String cookie = kept(setCookie(first).orElseThrow());
            for (int i = 0; i < 5; i++) {
                Conversation.Response next = world.get("/", cookie);
                assertThat(next.body()).isEqualTo(first.body());
                assertThat(setCookie(next)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"balanced", "persistent"})
    void staysAfterAFailureUnlessTheAuthorWantsAChange(String mode) {
        List<Endpoint> pods = new ArrayList<>(sessions.pods("echo", 4));
        world.routes(rules(sticky("/", "affinity-mode", mode))).endpoints(service("echo"), pods);
        Conversation.Response first = world.get("/");
        String cookie = kept(setCookie(first).orElseThrow());
        int gone = Integer.parseInt(first.body().substring("echo-".length()));
        sessions.running.get(gone).close();

        assertThat(world.get("/", cookie).status()).isEqualTo(502);

        world.routes(rules(sticky("/", "affinity-mode", mode, "session-cookie-change-on-failure", "true")));
        Conversation.Response moved = world.get("/", cookie);
        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.body()).isNotEqualTo(first.body());
        assertThat(world.get("/", kept(setCookie(moved).orElseThrow())).body()).isEqualTo(moved.body());
    }

    @Test
    void setsOneCookieThoughItsFirstPodFails() {
        List<Endpoint> pods = sessions.pods("echo", 3);
        sessions.running.get(0).close();
        sessions.running.get(1).close();
        world.routes(rules(sticky("/"))).endpoints(service("echo"), pods);
        for (int i = 0; i < 10; i++) {
            Conversation.Response response = world.get("/");
            assertThat(response.body()).isEqualTo("echo-2");
            assertThat(setCookie(response).orElseThrow()).doesNotContain(" AND ");
        }
    }

    @Test
    void setsTheCookieOnAnErrorPageToo() {
        echo(sticky("/"));
        sessions.running.forEach(ScriptedUpstream::close);

        Conversation.Response response = world.get("/");

        assertThat(response.status()).isEqualTo(502);
        assertThat(setCookie(response)).isPresent();
    }

    @Test
    void keepsTheCookiesOfTheBackend() {
        ScriptedUpstream own =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        sessions.running.add(own);
        world.routes(rules(sticky("/"))).endpoints(service("echo"), List.of(own.endpoint()));

        assertThat(setCookie(world.get("/")).orElseThrow()).contains("a=b").contains("SERVERID=");
    }
}
