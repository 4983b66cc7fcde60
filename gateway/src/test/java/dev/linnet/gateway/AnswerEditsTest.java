package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.AnswerEdits;
import dev.linnet.routing.policy.AnswerEdits.Replacement;
import dev.linnet.routing.policy.Cors;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.GlobalPolicy.AnswerHeaders;
import dev.linnet.routing.policy.GlobalPolicy.Clients;
import dev.linnet.routing.policy.HeaderLine;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients are told beside what backends say (spec of ingress-nginx, §3.8, §4.3, §4.6). */
class AnswerEditsTest {
    @AutoClose
    private final World world = new World();

    private static Rule with(Relay relay) {
        return World.rule("/").withPolicy(Policy.NONE.withRelay(relay));
    }

    private static ScriptedUpstream saying(String lines) {
        return ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\n" + lines + "Content-Length: 0\r\n\r\n");
    }

    private static Cors cors(boolean any, Cors.Origin... origins) {
        return new Cors(any, List.of(origins), "GET", "X-A", "X-B", true, 600, Cors.Preflights.ANY_OPTIONS);
    }

    private static final Cors.Origin GOOD = new Cors.Origin.Exactly("https://good.example");
    private static final Cors.Origin ONE_LABEL = new Cors.Origin.OneLabel("https://", ".good.example:8443");

    @Test
    void corsAnswersAPreflightItself() {
        world.routes(with(Relay.NONE.withCors(Optional.of(cors(false, GOOD)))));

        Conversation client = world.client().send(request("OPTIONS", "/", "Origin: https://good.example"));
        String head = client.readHead();

        assertThat(head)
                .startsWith("HTTP/1.1 204 No Content\r\n")
                .contains("Access-Control-Allow-Origin: https://good.example\r\n")
                .contains("Access-Control-Allow-Credentials: true\r\n", "Access-Control-Allow-Methods: GET\r\n")
                .contains("Access-Control-Allow-Headers: X-A\r\n", "Access-Control-Expose-Headers: X-B\r\n")
                .contains("Access-Control-Max-Age: 600\r\n", "Vary: Origin\r\n")
                .doesNotContain("Content-Length");
        assertThat(client.send(request("OPTIONS", "/", "Origin: https://good.example"))
                        .readHead())
                .startsWith("HTTP/1.1 204");
    }

    @Test
    void corsReplacesWhatTheBackendSaysAndIsInErrorsToo() {
        world.routes(with(Relay.NONE.withCors(Optional.of(cors(true)))))
                .serve(World.WEB, saying("Access-Control-Allow-Origin: https://other\r\n"));
        assertThat(world.get("/").head())
                .containsOnlyOnce("Access-Control-Allow-Origin")
                .contains("-Origin: *\r\n");

        world.endpoints(World.WEB, List.of());
        Conversation.Response error = world.get("/");
        assertThat(error.status()).isEqualTo(503);
        assertThat(error.head()).contains("Access-Control-Allow-Origin: *\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://evilhttps://good.example",
                "https://good.example.evil",
                "https://a.b.good.example:8443",
                "https://.good.example:8443",
                "null"
            })
    void corsComparesOriginsWhole(String origin) {
        world.routes(with(Relay.NONE.withCors(Optional.of(cors(false, GOOD, ONE_LABEL)))))
                .serve(World.WEB, saying(""));

        Conversation client = world.client().send(request("OPTIONS", "/", "Origin: " + origin));

        assertThat(client.readResponse().head()).startsWith("HTTP/1.1 200").doesNotContain("Access-Control");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a-1.good.example:8443", "https://GOOD.example"})
    void corsKnowsOneLabelAndNoCase(String origin) {
        world.routes(with(Relay.NONE.withCors(Optional.of(cors(false, GOOD, ONE_LABEL)))))
                .serve(World.WEB, saying(""));

        assertThat(world.get("/", "Origin: " + origin).head())
                .contains("Access-Control-Allow-Origin: " + origin + "\r\n");
    }

    @Test
    void addsAndHidesHeadersOnEachAnswer() {
        world.serve(World.WEB, saying("X-Powered-By: php\r\nX-One: theirs\r\n"));
        world.gateway
                .routes()
                .install(
                        RouteTable.of(List.of(World.rule("/web"))),
                        GlobalPolicy.DEFAULT.withHeaders(
                                new AnswerHeaders(List.of(new HeaderLine("X-One", "ours")), Set.of("x-powered-by"))),
                        Map.of());

        assertThat(world.get("/web").head()).contains("X-One: ours\r\n").doesNotContain("X-Powered-By", "theirs");
        Conversation.Response none = world.get("/");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.head()).contains("X-One: ours\r\n");
    }

    @Test
    void customHeadersReplaceTheBackends() {
        world.routes(with(Relay.NONE.withAnswers(new AnswerEdits(
                        List.of(new HeaderLine("X-Frame-Options", "DENY")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))))
                .serve(World.WEB, saying("X-Frame-Options: ALLOW\r\n"));

        assertThat(world.get("/").head()).contains("X-Frame-Options: DENY\r\n").doesNotContain("ALLOW");
    }

    @Test
    void rewritesCookiesAndRedirects() {
        world.routes(with(Relay.NONE.withAnswers(new AnswerEdits(
                        List.of(),
                        Optional.of(new Replacement("localhost", "example.org")),
                        Optional.of(new Replacement("/two/", "/")),
                        Optional.of(new Replacement("http://backend:8080/", "https://shop.example.org/"))))))
                .serve(
                        World.WEB,
                        saying("Set-Cookie: a=b; Domain=.localhost; Path=/two/x; Secure\r\nSet-Cookie: c=d\r\n"
                                + "Location: http://backend:8080/next\r\nRefresh: 5; url=http://backend:8080/\r\n"));

        assertThat(world.get("/").head())
                .contains("Set-Cookie: a=b; Domain=example.org; Path=/x; Secure\r\n", "Set-Cookie: c=d\r\n")
                .contains("Location: https://shop.example.org/next\r\n")
                .contains("Refresh: 5; url=https://shop.example.org/\r\n");
    }

    @Test
    void neitherObeysNorPassesOnOrdersToNginx() {
        world.everythingTo(saying("X-Accel-Redirect: /secret\r\nX-Accel-Buffering: no\r\nX-Accel-Limit-Rate: 1\r\n"
                + "X-Accel-Expires: 1\r\nX-Accel-Charset: utf-8\r\nX-Pad: x\r\n"));

        Conversation.Response response = world.get("/");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head()).doesNotContain("X-Accel", "X-Pad");
    }

    @Test
    void grantsClientsWhatTheOptionsSay() {
        world.everythingTo(saying(""));
        world.gateway
                .routes()
                .install(
                        RouteTable.of(List.of(World.rule("/"))),
                        GlobalPolicy.DEFAULT.withClients(new Clients(
                                Optional.of(Duration.ofSeconds(3)),
                                Optional.of(2),
                                Optional.empty(),
                                Optional.empty(),
                                GlobalPolicy.Http2.DEFAULT)),
                        Map.of());
        Conversation client = world.client().send(request("GET", "/"));
        assertThat(client.readHead()).doesNotContain("Connection: close");

        assertThat(client.send(request("GET", "/")).readHead()).contains("Connection: close");

        Conversation idle = world.client().send(request("GET", "/"));
        idle.readHead();
        world.clock.advance(Duration.ofSeconds(4));
        assertThat(idle.isClosedByPeer()).isTrue();
    }
}
