package dev.linnet.gateway;

import static dev.linnet.gateway.Asking.template;
import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.Access.Leave;
import dev.linnet.routing.policy.Access.Url;
import dev.linnet.routing.policy.CallerOptions.Line;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody is asked who gives leave (spec of ingress-nginx, §4.4, AUTH-2). */
class LeaveTest {
    private final LeaveWorld gate = new LeaveWorld();
    private final World world = gate.world;

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void auth2AsksWithoutTheBodyAndWithAllThatMayMatter() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.saying("welcome");
        gate.guard(new Asking().with(new Line("X-Tenant", "shop")).leave(), gatekeeper);
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
        gate.guard(
                new Asking()
                        .by("POST")
                        .redirect("/back?to=$request_uri")
                        .tellingUri()
                        .leave(),
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
        gate.guard(new Asking().redirect("https://$host$uri").leave(), gatekeeper);

        assertThat(world.get("/a%0d%0aX-User:%20root%0d%0a%0d%0aGET%20/b").status())
                .isEqualTo(200);

        assertThat(gatekeeper.nextHead())
                .contains(
                        "\r\nX-Auth-Request-Redirect: https://app.example.com/a%0D%0AX-User: root%0D%0A%0D%0AGET /b\r\n")
                .doesNotContain("\r\nX-User");
    }

    @Test
    void looksUpNamesThatAreNotOfTheCluster() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.saying("welcome");
        int port = gatekeeper.endpoint().port();
        Leave there = new Asking()
                .at(new Url(false, template("localhost"), port, template("/check?u=$http_user")))
                .leave();
        gate.guard(there, gatekeeper);

        assertThat(world.get("/", "User: a b").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);

        assertThat(gatekeeper.nextHead()).startsWith("GET /check?u=a%20b HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no.such.name.invalid", "evil:80", "a b", "[::1]"})
    void asksNobodyWhoseNameIsNone(String host) {
        Leave there = new Asking()
                .at(new Url(false, template("$http_target"), 80, template("/")))
                .leave();
        gate.guard(there);

        assertThat(world.get("/", "Target: " + host).status()).isEqualTo(500);
    }
}
