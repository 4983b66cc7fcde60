package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.Access.Cache;
import dev.linnet.routing.policy.Access.Leave;
import dev.linnet.routing.policy.Access.Sources;
import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.CallerOptions.Line;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Template;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Leave that somebody else gives (spec of ingress-nginx, §4.4, AUTH-2). */
class LeaveTest {
    private static final ServiceRef AUTH = new ServiceRef("auth", "oauth", "4180");
    private static final String UNAUTHORIZED = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno";

    private final World world = new World();
    private final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");

    @BeforeEach
    void serve() {
        world.everythingTo(upstream);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static Template template(String text) {
        return Template.parse(text).orElseThrow();
    }

    private static Url url() {
        return new Url(false, template("oauth.auth.svc.cluster.local"), 4180, template("/check"));
    }

    private static Leave leave() {
        return new Leave(
                url(),
                "GET",
                Optional.empty(),
                "rd",
                List.of(),
                Optional.empty(),
                false,
                List.of(),
                false,
                Optional.empty());
    }

    private static Leave withSignIn(String url) {
        return new Leave(
                url(),
                "GET",
                Optional.of(template(url)),
                "rd",
                List.of(),
                Optional.empty(),
                false,
                List.of(),
                false,
                Optional.empty());
    }

    private static Leave passingOn(boolean alwaysCookies, String... names) {
        return new Leave(
                url(),
                "GET",
                Optional.empty(),
                "rd",
                List.of(names),
                Optional.empty(),
                false,
                List.of(),
                alwaysCookies,
                Optional.empty());
    }

    private static Leave cachedBy(String key) {
        Cache cache = new Cache(template(key), Map.of(200, Duration.ofMinutes(5), 401, Duration.ofMinutes(5)));
        return new Leave(
                url(),
                "GET",
                Optional.empty(),
                "rd",
                List.of("foo"),
                Optional.empty(),
                false,
                List.of(),
                false,
                Optional.of(cache));
    }

    private static Policy policy(Leave leave) {
        return Policy.NONE.withAccess(
                new Access(Sources.ANY, Optional.empty(), Optional.of(leave), false, Optional.empty(), List.of()));
    }

    private void guard(Leave leave, ScriptedUpstream... gatekeepers) {
        world.routes(World.rule("/").withPolicy(policy(leave))).serve(AUTH, gatekeepers);
    }

    @Test
    void waitsWithoutEndWhereTheLimitIsZero() {
        Conversation witness = world.client();
        ScriptedUpstream gatekeeper = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            world.clock.advance(Duration.ofSeconds(61));
            assertThat(witness.isClosedByPeer()).as("deadlines were looked at").isTrue();
            turn.say(ok("welcome"));
        });
        Rule rule = World.rule(new Rule.Limits(Duration.ZERO, Duration.ZERO, Duration.ZERO, 3));
        world.routes(rule.withPolicy(policy(leave()))).serve(AUTH, gatekeeper);

        assertThat(world.get("/").status()).isEqualTo(200);
    }

    @Test
    void auth2AsksWithoutTheBodyAndWithAllThatMayMatter() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.saying("welcome");
        guard(
                new Leave(
                        url(),
                        "GET",
                        Optional.empty(),
                        "rd",
                        List.of(),
                        Optional.empty(),
                        false,
                        List.of(new Line("X-Tenant", "shop")),
                        false,
                        Optional.empty()),
                gatekeeper);
        ScriptedUpstream reader = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok(turn.with().read(5)));
        });
        world.serve(World.WEB, reader);
        Conversation client = world.client();

        client.send(request(
                        "POST",
                        "/some?q=1",
                        "Cookie: a=b",
                        "X-Tenant: forged",
                        "X-Forwarded-Proto: https",
                        "Content-Length: 5")
                + "hello");

        assertThat(client.readResponse().body()).isEqualTo("hello");
        String asked = gatekeeper.nextHead();
        assertThat(asked)
                .startsWith("GET /check HTTP/1.1\r\nHost: oauth.auth.svc.cluster.local:4180\r\n")
                .contains(
                        "\r\nX-Original-URL: http://app.example.com/some?q=1\r\n",
                        "\r\nX-Original-Method: POST\r\n",
                        "\r\nX-Real-IP: 127.0.0.1\r\n",
                        "\r\nX-Forwarded-For: 127.0.0.1\r\n",
                        "\r\nX-Auth-Request-Redirect: /some?q=1\r\n",
                        "\r\nX-Sent-From: nginx-ingress-controller\r\n",
                        "\r\nCookie: a=b\r\n",
                        "\r\nX-Tenant: shop\r\n")
                .doesNotContain("Content-Length", "X-Forwarded-Proto", "forged", "X-Original-URI", "X-Scheme");
        String id = asked.replaceAll("(?s).*X-Request-ID: ([0-9a-f]{32})\r\n.*", "$1");
        assertThat(reader.nextHead())
                .contains("\r\nX-Request-ID: " + id + "\r\n")
                .containsOnlyOnce("X-Request-ID");
    }

    @Test
    void auth2TellsTheUriWhereTheMethodIsGiven() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.saying("welcome");
        guard(
                new Leave(
                        url(),
                        "POST",
                        Optional.empty(),
                        "rd",
                        List.of(),
                        Optional.of(template("/back?to=$request_uri")),
                        true,
                        List.of(),
                        false,
                        Optional.empty()),
                gatekeeper);

        assertThat(world.get("/some", "X-Request-ID: mine").status()).isEqualTo(200);

        assertThat(gatekeeper.nextHead())
                .startsWith("POST /check HTTP/1.1\r\n")
                .contains(
                        "\r\nX-Original-URI: /some\r\n",
                        "\r\nX-Scheme: http\r\n",
                        "\r\nX-Auth-Request-Redirect: /back?to=/some\r\n",
                        "\r\nX-Request-ID: mine\r\n");
    }

    @Test
    void aPathCannotSayMoreToWhoeverGivesLeaveThanItself() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.saying("yes");
        guard(
                new Leave(
                        url(),
                        "GET",
                        Optional.empty(),
                        "rd",
                        List.of(),
                        Optional.of(template("https://$host$uri")),
                        false,
                        List.of(),
                        false,
                        Optional.empty()),
                gatekeeper);

        assertThat(world.get("/a%0d%0aX-User:%20root%0d%0a%0d%0aGET%20/b").status())
                .isEqualTo(200);

        assertThat(gatekeeper.nextHead())
                .contains(
                        "\r\nX-Auth-Request-Redirect: https://app.example.com/a%0D%0AX-User: root%0D%0A%0D%0AGET /b\r\n")
                .doesNotContain("\r\nX-User");
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "204, 200", "401, 401", "403, 403", "302, 500", "404, 500", "500, 500", "502, 500"})
    void auth2OnlyAClearYesIsLeave(int said, int status) {
        guard(
                leave(),
                ScriptedUpstream.answering(
                        _ -> "HTTP/1.1 " + said + " X\r\n" + (said == 204 ? "" : "Content-Length: 0\r\n") + "\r\n"));

        assertThat(world.get("/").status()).isEqualTo(status);
        assertThat(upstream.connections()).isEqualTo(status == 200 ? 1 : 0);
    }

    @Test
    void auth2NobodyWhoCannotBeAskedGivesLeave() {
        world.routes(World.rule("/").withPolicy(policy(leave())));
        assertThat(world.get("/").status()).isEqualTo(500);

        ScriptedUpstream closed = ScriptedUpstream.playing((turn, _) -> turn.hear());
        world.serve(AUTH, closed);
        assertThat(world.get("/").status()).isEqualTo(500);

        world.serve(AUTH, ScriptedUpstream.answering(_ -> "rubbish\r\n\r\n"));
        assertThat(world.get("/").status()).isEqualTo(500);
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void auth2WhoIsLateGivesNoLeave() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        ScriptedUpstream silent = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            over.await();
        });
        guard(leave(), silent);
        Conversation client = world.client().send(request("GET", "/"));
        silent.nextHead();

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.readResponse().status()).isEqualTo(500);
        over.countDown();
    }

    @Test
    void auth2SendsBrowsersToSignIn() {
        guard(withSignIn("https://login.example.com/start"), ScriptedUpstream.answering(_ -> UNAUTHORIZED));

        Conversation.Response response = world.get("/some?a=b&c=d e".replace(" ", "%20"));

        assertThat(response.status()).isEqualTo(302);
        assertThat(response.head())
                .contains("\r\nLocation: https://login.example.com/start?rd=http://app.example.com"
                        + "%2Fsome%3Fa%3Db%26c%3Dd%2520e\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://$host/start?x=1 | https://app.example.com/start?x=1&rd=http://app.example.com%2F",
                "https://$host/start?rd=https://h$escaped_request_uri | https://app.example.com/start?rd=https://h%2F"
            })
    void auth2FillsTheSignInUrl(String url, String location) {
        guard(withSignIn(url), ScriptedUpstream.answering(_ -> UNAUTHORIZED));

        assertThat(world.get("/").head()).contains("\r\nLocation: " + location + "\r\n");
    }

    @Test
    void auth2DoesNotSendBrowsersToSignInWhoAreForbidden() {
        guard(
                withSignIn("https://login.example.com/start"),
                ScriptedUpstream.answering(_ -> "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));

        assertThat(world.get("/").status()).isEqualTo(403);
    }

    @Test
    void auth2TellsTheClientHowToGetLeave() {
        guard(
                leave(),
                ScriptedUpstream.answering(_ ->
                        "HTTP/1.1 401 X\r\nWWW-Authenticate: Bearer\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"));

        assertThat(world.get("/").head()).contains("\r\nWWW-Authenticate: Bearer\r\n", "\r\nSet-Cookie: a=b\r\n");
    }

    @Test
    void auth2AndGrpc2HeadersOfTheAnswerReplaceTheClients() {
        guard(
                passingOn(false, "authorization", "foo", "missing"),
                ScriptedUpstream.answering(_ ->
                        "HTTP/1.1 200 OK\r\nAuthorization: foo\r\nFoo: bar\r\nOther: x\r\nContent-Length: 0\r\n\r\n"));

        world.get("/", "Authorization: bar", "Foo: forged", "Missing: forged");

        assertThat(upstream.nextHead())
                .containsOnlyOnce("uthorization: foo\r\n")
                .containsOnlyOnce("oo: bar\r\n")
                .doesNotContainIgnoringCase("forged", "missing", "other", "authorization: bar");
    }

    @Test
    void nobodySaysOfHimselfWhoHasGivenHimLeaveWhereTheAddressIsEnough() {
        Sources loopback = new Sources(AddressRanges.parse("127.0.0.0/8").orElseThrow(), AddressRanges.NONE);
        world.routes(World.rule("/")
                .withPolicy(Policy.NONE.withAccess(new Access(
                        loopback,
                        Optional.empty(),
                        Optional.of(passingOn(false, "x-user")),
                        true,
                        Optional.empty(),
                        List.of()))));

        world.get("/", "X-User: admin");

        assertThat(upstream.nextHead()).doesNotContainIgnoringCase("x-user");
    }

    @Test
    void givesTheClientTheCookiesOfTheAnswerUnlessItIsAnError() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.answering(
                _ -> "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n");
        world.serve(
                World.WEB,
                ScriptedUpstream.answering(
                        head -> head.contains("/bad") ? "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n" : ok("hello")));

        guard(passingOn(false), gatekeeper);
        assertThat(world.get("/good").head()).contains("\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n");
        assertThat(world.get("/bad").head()).doesNotContain("Set-Cookie");

        world.routes(World.rule("/").withPolicy(policy(passingOn(true))));
        assertThat(world.get("/bad").head()).contains("\r\nSet-Cookie: a=b\r\n");
    }

    @Test
    void keepsConnectionsToWhoeverIsAsked() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.answering(
                _ -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        guard(leave(), gatekeeper);

        for (int i = 0; i < 5; i++) {
            assertThat(world.get("/").status()).isEqualTo(200);
        }
        assertThat(gatekeeper.connections()).isOne();
    }

    @Test
    void asksAnewWhereAKeptConnectionTurnsOutToBeClosed() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok(""));
            turn.hear(); // and closes without an answer
        });
        guard(leave(), gatekeeper);

        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);
    }

    @Test
    void doesNotReadEndlessAnswers() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\n\r\n" + "a".repeat(1_000_000));
        });
        guard(leave(), gatekeeper);

        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(gatekeeper.connections()).isEqualTo(2);
    }

    @Test
    void auth2ALeaveThatIsKeptOutlivesWhoeverGaveIt() {
        ScriptedUpstream gatekeeper =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\nFoo: from-auth\r\nContent-Length: 0\r\n\r\n");
        world.routes(
                        World.rule("/").withPolicy(policy(cachedBy("$cookie_user"))),
                        World.rule("/other").withPolicy(policy(cachedBy("$cookie_user"))))
                .serve(AUTH, gatekeeper);
        assertThat(world.get("/", "Cookie: user=a").status()).isEqualTo(200);
        upstream.nextHead();

        world.endpoints(AUTH, List.of());

        assertThat(world.get("/", "Cookie: x=y; user=a").status()).isEqualTo(200);
        assertThat(upstream.nextHead()).contains("\r\nfoo: from-auth\r\n");
        assertThat(world.get("/", "Cookie: user=b").status()).isEqualTo(500);
        assertThat(world.get("/other", "Cookie: user=a").status()).isEqualTo(500);
        Conversation elsewhere =
                world.client().send("GET / HTTP/1.1\r\nHost: other.example.com\r\nCookie: user=a\r\n\r\n");
        assertThat(elsewhere.readResponse().status()).isEqualTo(500);

        world.clock.advance(Duration.ofMinutes(6));
        assertThat(world.get("/", "Cookie: user=a").status()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Set-Cookie: a=b", "Cache-Control: no-store", "Cache-Control: max-age=1, private"})
    void doesNotKeepAnswersThatAreForOneClientOnly(String header) {
        ScriptedUpstream gatekeeper =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\n" + header + "\r\nContent-Length: 0\r\n\r\n");
        guard(cachedBy("$host"), gatekeeper);
        assertThat(world.get("/").status()).isEqualTo(200);

        world.endpoints(AUTH, List.of());

        assertThat(world.get("/").status()).isEqualTo(500);
    }

    @Test
    void looksUpNamesThatAreNotOfTheCluster() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.saying("welcome");
        int port = gatekeeper.endpoint().port();
        Leave there = new Leave(
                new Url(false, template("localhost"), port, template("/check?u=$http_user")),
                "GET",
                Optional.empty(),
                "rd",
                List.of(),
                Optional.empty(),
                false,
                List.of(),
                false,
                Optional.empty());
        guard(there, gatekeeper);

        assertThat(world.get("/", "User: a b").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);

        assertThat(gatekeeper.nextHead()).startsWith("GET /check?u=a%20b HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no.such.name.invalid", "evil:80", "a b", "[::1]"})
    void asksNobodyWhoseNameIsNone(String host) {
        Leave there = new Leave(
                new Url(false, template("$http_target"), 80, template("/")),
                "GET",
                Optional.empty(),
                "rd",
                List.of(),
                Optional.empty(),
                false,
                List.of(),
                false,
                Optional.empty());
        guard(there);

        assertThat(world.get("/", "Target: " + host).status()).isEqualTo(500);
    }

    @Test
    void stopsAskingWhenTheClientGoes() {
        ScriptedUpstream silent = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().isClosedByPeer();
            turn.upstream().unseenHeads();
        });
        guard(leave(), silent);
        Conversation client = world.client().send(request("GET", "/"));
        silent.nextHead();

        client.reset();

        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(world.failures("client_abort")).isOne());
    }

    @Test
    void knowsThatAnswersToHeadHaveNoBody() {
        ScriptedUpstream gatekeeper =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        guard(
                new Leave(
                        url(),
                        "HEAD",
                        Optional.empty(),
                        "rd",
                        List.of(),
                        Optional.empty(),
                        true,
                        List.of(),
                        false,
                        Optional.empty()),
                gatekeeper);

        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(gatekeeper.connections()).isOne();
    }
}
