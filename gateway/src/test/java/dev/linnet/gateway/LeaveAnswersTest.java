package dev.linnet.gateway;

import static dev.linnet.gateway.LeaveWorld.UNAUTHORIZED;
import static dev.linnet.gateway.LeaveWorld.leave;
import static dev.linnet.gateway.LeaveWorld.passingOn;
import static dev.linnet.gateway.LeaveWorld.policy;
import static dev.linnet.gateway.LeaveWorld.withSignIn;
import static dev.linnet.gateway.ScriptedUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.Access.Sources;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.Policy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a request after the answer of somebody who gives leave (spec of ingress-nginx, §4.4, AUTH-2). */
class LeaveAnswersTest {
    private final LeaveWorld gate = new LeaveWorld();
    private final World world = gate.world;
    private final ScriptedUpstream upstream = gate.upstream;

    @AfterEach
    void close() {
        gate.close();
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "204, 200", "401, 401", "403, 403", "302, 500", "404, 500", "500, 500", "502, 500"})
    void auth2OnlyAClearYesIsLeave(int said, int status) {
        gate.guard(
                leave(),
                ScriptedUpstream.answering(
                        _ -> "HTTP/1.1 " + said + " X\r\n" + (said == 204 ? "" : "Content-Length: 0\r\n") + "\r\n"));

        assertThat(world.get("/").status()).isEqualTo(status);
        assertThat(upstream.connections()).isEqualTo(status == 200 ? 1 : 0);
    }

    @Test
    void auth2SendsBrowsersToSignIn() {
        gate.guard(withSignIn("https://login.example.com/start"), ScriptedUpstream.answering(_ -> UNAUTHORIZED));

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
        gate.guard(withSignIn(url), ScriptedUpstream.answering(_ -> UNAUTHORIZED));

        assertThat(world.get("/").head()).contains("\r\nLocation: " + location + "\r\n");
    }

    @Test
    void auth2DoesNotSendBrowsersToSignInWhoAreForbidden() {
        gate.guard(
                withSignIn("https://login.example.com/start"),
                ScriptedUpstream.answering(_ -> "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));

        assertThat(world.get("/").status()).isEqualTo(403);
    }

    @Test
    void auth2TellsTheClientHowToGetLeave() {
        gate.guard(
                leave(),
                ScriptedUpstream.answering(_ ->
                        "HTTP/1.1 401 X\r\nWWW-Authenticate: Bearer\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"));

        assertThat(world.get("/").head()).contains("\r\nWWW-Authenticate: Bearer\r\n", "\r\nSet-Cookie: a=b\r\n");
    }

    @Test
    void auth2AndGrpc2HeadersOfTheAnswerReplaceTheClients() {
        gate.guard(
                passingOn("authorization", "foo", "missing"),
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
                        Optional.of(passingOn("x-user")),
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

        gate.guard(leave(), gatekeeper);
        assertThat(world.get("/good").head()).contains("\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n");
        assertThat(world.get("/bad").head()).doesNotContain("Set-Cookie");

        world.routes(
                World.rule("/").withPolicy(policy(new Asking().alwaysCookies().leave())));
        assertThat(world.get("/bad").head()).contains("\r\nSet-Cookie: a=b\r\n");
    }
}
