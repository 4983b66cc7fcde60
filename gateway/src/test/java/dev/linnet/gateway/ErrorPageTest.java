package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Bodies;
import dev.linnet.routing.policy.ErrorPages;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code custom-http-errors} and {@code default-backend} (spec of ingress-nginx, §3.9). */
class ErrorPageTest {
    private static final ServiceRef PAGES = new ServiceRef("default", "pages", ServiceRef.FIRST_PORT);

    @AutoClose
    private final World world = new World();

    private static Rule showing(boolean ofBackends, Integer... codes) {
        return World.rule("/")
                .withPolicy(Policy.NONE.withRelay(
                        Relay.NONE.withErrors(new ErrorPages(Set.of(codes), ofBackends, Optional.of(PAGES)))));
    }

    private static ScriptedUpstream answering(int status) {
        return ScriptedUpstream.answering(_ -> "HTTP/1.1 " + status + " X\r\nContent-Length: 3\r\n\r\nraw");
    }

    private static ScriptedUpstream pages() {
        return ScriptedUpstream.answering(_ -> "HTTP/1.1 418 Teapot\r\nContent-Length: 4\r\n\r\npage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void che1AsksTheErrorPageInsteadOfShowingABackendsError(String method) {
        ScriptedUpstream pages = pages();
        world.routes(showing(true, 404, 500)).serve(World.WEB, answering(404)).serve(PAGES, pages);

        Conversation client = world.client()
                .send(request(
                                method,
                                "/a/b?c=d",
                                "Accept: text/html",
                                "X-Request-ID: one",
                                "X-Code: 1",
                                "Content-Length: 2")
                        + "hi");
        Conversation.Response response = client.readResponse();

        assertThat(response.status()).isEqualTo(418);
        assertThat(response.body()).isEqualTo("page");
        String head = pages.nextHead();
        assertThat(head)
                .startsWith("GET / HTTP/1.1\r\n")
                .contains("X-Code: 404\r\n", "X-Format: text/html\r\n", "X-Original-URI: /a/b?c=d\r\n")
                .contains("X-Namespace: default\r\n", "X-Ingress-Name: web\r\n", "X-Service-Name: web\r\n")
                .contains("X-Service-Port: 80\r\n", "X-Request-ID: one\r\n")
                .doesNotContain("Content-Length", "X-Code: 1\r\n");
        assertThat(client.send(request("GET", "/")).readResponse().status()).isEqualTo(418);
    }

    @Test
    void che1LeavesOtherStatusesAlone() {
        world.routes(showing(true, 404, 500)).serve(World.WEB, answering(503)).serve(PAGES, pages());

        assertThat(world.get("/").body()).isEqualTo("raw");
    }

    @Test
    void tellsThatNothingFollowsWhereARefusalStaysAndThePageIsEmpty() {
        ScriptedUpstream empty = ScriptedUpstream.answering(_ -> "HTTP/1.1 204 No Content\r\n\r\n");
        world.routes(showing(true, 401)).serve(World.WEB, answering(401)).serve(PAGES, empty);

        Conversation.Response response = world.get("/");

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.head()).contains("Content-Length: 0\r\n");
    }

    @Test
    void passesALongErrorOnWholeWhereTheErrorPageHasNoEndpoints() {
        String body = "x".repeat(500_000);
        ScriptedUpstream failing = ScriptedUpstream.answering(
                _ -> "HTTP/1.1 500 X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        world.routes(showing(true, 500)).serve(World.WEB, failing);

        assertThat(world.get("/").body()).isEqualTo(body);
    }

    @Test
    void leavesABackendsErrorsAloneIfOnlyOurOwnCount() {
        world.routes(showing(false, 404, 503)).serve(World.WEB, answering(404)).serve(PAGES, pages());
        assertThat(world.get("/").body()).isEqualTo("raw");

        world.endpoints(World.WEB, List.of());
        assertThat(world.get("/").body()).isEqualTo("page");
    }

    @Test
    void headStaysHead() {
        ScriptedUpstream pages = ScriptedUpstream.answering(_ -> "HTTP/1.1 404 X\r\nContent-Length: 4\r\n\r\n");
        world.routes(showing(true, 404))
                .serve(World.WEB, ScriptedUpstream.answering(_ -> "HTTP/1.1 404 X\r\nContent-Length: 3\r\n\r\n"))
                .serve(PAGES, pages);

        Conversation client = world.client().send(request("HEAD", "/"));

        assertThat(client.readHead()).startsWith("HTTP/1.1 404");
        assertThat(pages.nextHead()).startsWith("HEAD / HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void cve2026x24513NeverTurnsARefusalIntoASuccess(int status) {
        world.routes(showing(true, 401, 403))
                .serve(World.WEB, answering(status))
                .serve(PAGES, ScriptedUpstream.saying("fine"));

        Conversation.Response response = world.get("/");

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body()).isEqualTo("fine");
    }

    @Test
    void showsTheErrorItselfIfThePageCannotBeHad() {
        world.routes(showing(true, 404)).serve(World.WEB, answering(404));
        assertThat(world.get("/").body()).isEqualTo("raw");

        world.serve(PAGES, ScriptedUpstream.playing((turn, _) -> turn.hear()));
        assertThat(world.get("/").status()).isEqualTo(404);
    }

    @Test
    void showsAPageForABodyThatIsTooLarge() {
        Rule rule = showing(true, 413);
        world.routes(rule.withPolicy(
                        rule.policy().withRelay(rule.policy().relay().withBodies(new Bodies(3, true, 64 * 1024)))))
                .serve(World.WEB, answering(200))
                .serve(PAGES, pages());

        Conversation client = world.client().send(request("PUT", "/", "Content-Length: 4") + "body");

        assertThat(client.readResponse().body()).isEqualTo("page");
    }

    @Test
    void db4AnswersFromTheDefaultBackendWhereThePrimaryHasNoEndpoints() {
        ScriptedUpstream pages = ScriptedUpstream.saying("echo");
        world.routes(showing(true)).serve(PAGES, pages);

        Conversation.Response response = world.get("/alma/armud", "X-Request-ID: something-unique");

        assertThat(response.status()).isEqualTo(200);
        assertThat(pages.nextHead())
                .startsWith("GET /alma/armud HTTP/1.1\r\n")
                .contains("X-Code: 503\r\n", "X-Ingress-Name: web\r\n", "X-Service-Name: web\r\n")
                .contains("X-Request-ID: something-unique\r\n");
    }

    @Test
    void db2AnswersUnknownHostsFromTheDefaultBackend() {
        ServiceRef echo = new ServiceRef("ns", "echo", ServiceRef.FIRST_PORT);
        Rule otherwise = new Rule(
                "",
                new Rule.PathMatch.Prefix("/"),
                echo,
                List.of(),
                new dev.linnet.routing.ObjectRef("Service", "ns", "echo"),
                Rule.Limits.DEFAULT);
        world.gateway.routes().install(RouteTable.of(List.of()).otherwise(Optional.of(otherwise)));
        world.serve(echo, ScriptedUpstream.answering(_ -> ok("echo")));

        assertThat(world.get("/demo").body()).isEqualTo("echo");
    }
}
