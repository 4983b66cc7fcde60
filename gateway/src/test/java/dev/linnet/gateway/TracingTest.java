package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.linnet.gateway.SpanBook.Kept;
import dev.linnet.gateway.TracedWorld.Told;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.ErrorPages;
import dev.linnet.routing.policy.Observed;
import dev.linnet.routing.policy.Observed.Traced;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import dev.linnet.routing.policy.Template;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Spans as a collector gets them, and what endpoints and callers see of them. */
final class TracingTest {
    @AutoClose
    private final TracedWorld traced = new TracedWorld();

    private final World world = traced.world;
    private final SpanBook book = traced.book;

    @Test
    void tellsOfARequestAndOfTheEndpointThatHasServedIt() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        traced.trace("otel-service-name", "shop");

        world.get("/a%20b?c=d", "User-Agent: test");

        List<Kept> spans = book.nextRequest();
        assertThat(spans).hasSize(2);
        Kept asked = spans.getLast();
        assertThat(asked.resource()).contains(entry("service.name", "shop"), entry("service.instance.id", "gateway"));
        assertThat(asked.name()).isEqualTo("GET /");
        assertThat(asked.parent()).isEmpty();
        assertThat(asked.failed()).isFalse();
        assertThat(asked.attributes())
                .containsOnly(
                        entry("http.request.method", "GET"),
                        entry("http.response.status_code", 200L),
                        entry("http.route", "/"),
                        entry("url.path", "/a%20b"),
                        entry("url.scheme", "http"),
                        entry("server.address", "app.example.com"),
                        entry("server.port", 80L),
                        entry("client.address", "127.0.0.1"),
                        entry("user_agent.original", "test"),
                        entry("network.protocol.version", "1.1"),
                        entry("linnet.route", "Ingress default/web"),
                        entry("linnet.service", "default/web:80"),
                        entry("linnet.side", "primary"));
        Kept attempt = spans.getFirst();
        assertThat(attempt.name()).isEqualTo("GET");
        assertThat(attempt.trace()).isEqualTo(asked.trace());
        assertThat(attempt.parent()).isEqualTo(asked.id());
        assertThat(attempt.attributes())
                .containsOnly(
                        entry("http.request.method", "GET"),
                        entry("http.response.status_code", 200L),
                        entry("server.address", "127.0.0.1"),
                        entry("server.port", (long) upstream.endpoint().port()),
                        entry("linnet.service", "default/web:80"),
                        entry("linnet.pod", upstream.endpoint().pod()));
        assertThat(Told.by(upstream.nextHead())).isEqualTo(Told.of(attempt));
    }

    @Test
    void hasASpanForEachEndpointThatWasAsked() {
        ScriptedUpstream hangsUp = ScriptedUpstream.playing((turn, _) -> turn.hear());
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, hangsUp, upstream);
        traced.trace();

        List<Kept> spans = retried();

        assertThat(spans).hasSize(3);
        Kept first = spans.getFirst();
        Kept second = spans.get(1);
        Kept asked = spans.getLast();
        assertThat(List.of(first.parent(), second.parent())).containsOnly(asked.id());
        assertThat(first.failed()).isTrue();
        assertThat(first.attributes())
                .contains(
                        entry("error.type", "reset"),
                        entry("linnet.pod", hangsUp.endpoint().pod()))
                .doesNotContainKey("http.response.status_code");
        assertThat(second.failed()).isFalse();
        assertThat(second.attributes())
                .contains(entry("http.request.resend_count", 1L), entry("http.response.status_code", 200L));
        assertThat(asked.failed()).isFalse();
        assertThat(Told.by(hangsUp.nextHead())).isEqualTo(Told.of(first));
    }

    /** The spans of the first request that meets both endpoints. */
    private List<Kept> retried() {
        for (int i = 0; i < 10; i++) {
            world.get("/");
            List<Kept> spans = book.nextRequest();
            if (spans.size() > 2) {
                return spans;
            }
        }
        throw new AssertionError("no endpoint was asked twice");
    }

    @Test
    void tellsOfWhatFails() {
        world.endpoints(World.WEB, List.of(world.refusing()));
        traced.trace();

        world.get("/");
        List<Kept> refused = book.nextRequest();
        world.endpoints(World.WEB, List.of());
        world.get("/");
        List<Kept> unserved = book.nextRequest();
        traced.obey(book.policy(), rule("/shop"));
        world.get("/");
        List<Kept> unmatched = book.nextRequest();

        assertThat(refused).allMatch(Kept::failed);
        assertThat(refused.getLast().attributes())
                .contains(entry("error.type", "connect"), entry("http.response.status_code", 502L));
        assertThat(unserved).singleElement().matches(Kept::failed);
        assertThat(unserved.getLast().attributes())
                .contains(entry("error.type", "no_endpoints"), entry("http.response.status_code", 503L));
        assertThat(unmatched).singleElement().matches(span -> !span.failed());
        assertThat(unmatched.getLast().name()).isEqualTo("GET");
        assertThat(unmatched.getLast().attributes())
                .contains(entry("error.type", "no_route"), entry("http.response.status_code", 404L));
    }

    @Test
    void tellsAnErrorPageOfASpanOfItsOwn() {
        ServiceRef pages = new ServiceRef("default", "pages", "80");
        ScriptedUpstream page = ScriptedUpstream.saying("sorry");
        world.serve(World.WEB, ScriptedUpstream.answering(_ -> "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"))
                .serve(pages, page);
        ErrorPages errors = new ErrorPages(Set.of(500), true, Optional.of(pages));
        traced.obey(book.policy(), rule("/").withPolicy(Policy.NONE.withRelay(Relay.NONE.withErrors(errors))));

        world.get("/", TracedWorld.SAMPLED);

        List<Kept> spans = book.nextRequest();
        assertThat(spans).hasSize(3);
        assertThat(spans.getFirst().failed()).isTrue();
        assertThat(spans.get(1).attributes()).contains(entry("linnet.service", "default/pages:80"));
        assertThat(Told.by(page.nextHead())).isEqualTo(Told.of(spans.get(1)));
    }

    @Test
    void saysWhichVersionHasServed() {
        world.serve(World.WEB, ScriptedUpstream.saying("old")).serve(World.CANARY, ScriptedUpstream.saying("new"));
        traced.obey(book.policy(), rule("/", Canaries.header("X-Canary", 20)));

        world.get("/", "X-Canary: always");
        world.get("/", "X-Canary: never");

        assertThat(book.nextRequest().getLast().attributes())
                .contains(
                        entry("linnet.service", "default/web-canary:80"),
                        entry("linnet.side", "canary"),
                        entry("linnet.weight", 20.0));
        assertThat(book.nextRequest().getLast().attributes())
                .contains(entry("linnet.side", "primary"), entry("linnet.weight", 80.0));
    }

    @Test
    void obeysRoutesThatSayOtherwise() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        Traced otherwise = new Traced(
                Optional.of(true),
                Optional.of(false),
                Template.parseWords(
                        "$request_method $service_name $uri in $namespace", Set.of("service_name", "namespace")));
        traced.obey(
                book.policy("enable-opentelemetry", "false"),
                rule("/"),
                rule("/traced").withPolicy(Policy.NONE.withObserved(new Observed(true, otherwise))));

        world.get("/");
        world.get("/traced/x?y", TracedWorld.SAMPLED);

        Kept asked = book.nextRequest().getLast();
        assertThat(asked.name()).isEqualTo("GET web /traced/x in default");
        assertThat(asked.parent()).isEmpty();
        assertThat(book.unseen()).isZero();
    }

    @Test
    void tracesRequestsOfHttp2ToEndpointsOfHttp2() throws Exception {
        GrpcEndpoints endpoints = new GrpcEndpoints();
        world.serve(World.WEB, endpoints.serving((with, stream, _, _) -> GrpcEndpoints.answer(with, stream, "hello")));
        traced.obey(book.policy(), GrpcEndpoints.grpc(rule("/")));

        Frames client = Frames.over(world.client());
        client.request(
                        1,
                        "POST",
                        "/pkg.Echo/Say",
                        false,
                        "traceparent",
                        "00-" + TracedWorld.TRACE + "-" + TracedWorld.PARENT + "-01")
                .data(1, GrpcEndpoints.framed("hello"), true)
                .answer(1);

        List<Kept> spans = book.nextRequest();
        assertThat(spans.getLast().parent()).isEqualTo(TracedWorld.PARENT);
        assertThat(spans.getLast().attributes()).contains(entry("network.protocol.version", "2"));
        assertThat(endpoints.nextCall().get("traceparent"))
                .containsExactly(
                        "00-" + TracedWorld.TRACE + "-" + spans.getFirst().id() + "-01");
    }

    @Test
    void knowsWhoHasCalledWhomInsideTheCluster() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        LiveRoutes routes = world.gateway.routes();
        Workload frontend = new Workload("shop", "frontend", Map.of());
        Workload backend = new Workload("shop", "backend", Map.of());
        routes.workloads(Map.of(ByteBuffer.wrap(new byte[] {127, 0, 0, 1}), Optional.of(frontend)));
        routes.pods(Map.of(upstream.endpoint().pod(), Optional.of(backend)));
        traced.obey(book.policy(), rule("/").withHost("web.default.svc"), rule("/"));

        try (Conversation client = Conversation.with(world.listenFor("web.default.svc"))) {
            client.get("web", "/");
        }
        world.get("/");

        assertThat(book.nextRequest().getLast().attributes())
                .contains(
                        entry("linnet.reporter", "mesh"),
                        entry("linnet.source.namespace", "shop"),
                        entry("linnet.source.workload", "frontend"),
                        entry("linnet.destination.workload", "backend"));
        assertThat(book.nextRequest().getLast().attributes())
                .contains(entry("linnet.reporter", "edge"), entry("linnet.destination.workload", "backend"))
                .doesNotContainKey("linnet.source.workload");
    }

    @Test
    void keepsSecretsToItself() throws Exception {
        world.serve(
                World.WEB,
                ScriptedUpstream.answering(_ -> ok("hello").replace("\r\n\r\n", "\r\nSet-Cookie: s=hidden4\r\n\r\n")));
        traced.trace();

        world.get("/?token=hidden1", "Authorization: Bearer hidden2", "Cookie: session=hidden3");

        book.nextRequest();
        assertThat(book.raw).isNotEmpty().noneMatch(export -> export.contains("hidden"));
    }
}
