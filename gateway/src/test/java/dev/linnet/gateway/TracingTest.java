package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.SpanBook.Kept;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.ErrorPages;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.Observed;
import dev.linnet.routing.policy.Observed.Traced;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import dev.linnet.routing.policy.Template;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans as a collector gets them, and what endpoints and callers see of them. */
final class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String SAMPLED = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";
    private static final Pattern TRACEPARENT =
            Pattern.compile("\r\ntraceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-0([0-9a-f])\r\n");

    private final World world = new World();
    private final SpanBook book = new SpanBook();

    @AfterEach
    void close() {
        world.close();
        book.close();
    }

    private void obey(GlobalPolicy policy, Rule... rules) {
        world.gateway.routes().install(RouteTable.of(List.of(rules)), policy, Map.of());
    }

    private void trace(String... keys) {
        obey(book.policy(keys), rule("/"));
    }

    /** What an endpoint is told of its span, if the head says it once. */
    private record Told(String trace, String span, boolean sampled) {
        static Told by(String head) {
            Matcher matcher = TRACEPARENT.matcher(head);
            assertThat(matcher.find()).as(head).isTrue();
            Told told = new Told(matcher.group(1), matcher.group(2), (Integer.parseInt(matcher.group(3), 16) & 1) != 0);
            assertThat(matcher.find()).as("another one").isFalse();
            return told;
        }

        static Told of(Kept span) {
            return new Told(span.trace(), span.id(), true);
        }
    }

    @Test
    void tellsOfARequestAndOfTheEndpointThatHasServedIt() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        trace("otel-service-name", "shop");

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
                        entry("server.port", (long) world.gateway.httpAddress().getPort()),
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
    void goesOnWithTheTraceOfItsCaller() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        trace();

        world.get("/", SAMPLED, "tracestate: vendor=1", "baggage: a=b");

        List<Kept> spans = book.nextRequest();
        assertThat(spans).extracting(Kept::trace).containsOnly(TRACE);
        assertThat(spans.getLast().parent()).isEqualTo(PARENT);
        String head = upstream.nextHead();
        assertThat(Told.by(head)).isEqualTo(Told.of(spans.getFirst()));
        assertThat(head).contains("\r\ntracestate: vendor=1\r\n", "\r\nbaggage: a=b\r\n");
    }

    @Test
    void beginsATraceOfItsOwnWhereCallersAreNotTrusted() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        trace("opentelemetry-trust-incoming-span", "false");

        world.get("/", SAMPLED, "tracestate: vendor=1");

        List<Kept> spans = book.nextRequest();
        assertThat(spans.getLast().parent()).isEmpty();
        assertThat(spans.getLast().trace()).isNotEqualTo(TRACE);
        String head = upstream.nextHead();
        assertThat(Told.by(head)).isEqualTo(Told.of(spans.getFirst()));
        assertThat(head).doesNotContain(TRACE).doesNotContain("tracestate");
    }

    @Test
    void answersInTheLineOfZipkinWhoeverSpeaksIt() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        trace();

        world.get("/", "b3: " + TRACE + "-" + PARENT + "-1");

        List<Kept> spans = book.nextRequest();
        assertThat(spans).extracting(Kept::trace).containsOnly(TRACE);
        assertThat(spans.getLast().parent()).isEqualTo(PARENT);
        String head = upstream.nextHead();
        String id = spans.getFirst().id();
        assertThat(Told.by(head)).isEqualTo(Told.of(spans.getFirst()));
        assertThat(head).contains("\r\nb3: " + TRACE + "-" + id + "-1\r\n").doesNotContain(PARENT);
    }

    @Test
    void answersInTheLinesOfZipkinWhoeverSpeaksThem() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        trace();

        world.get(
                "/",
                "X-B3-TraceId: " + TRACE,
                "X-B3-SpanId: " + PARENT,
                "X-B3-ParentSpanId: 00f067aa0ba902b7",
                "X-B3-Sampled: 1");

        List<Kept> spans = book.nextRequest();
        assertThat(spans.getLast().parent()).isEqualTo(PARENT);
        assertThat(upstream.nextHead())
                .contains(
                        "\r\nX-B3-TraceId: " + TRACE + "\r\n",
                        "\r\nX-B3-SpanId: " + spans.getFirst().id() + "\r\n",
                        "\r\nX-B3-Sampled: 1\r\n",
                        "\r\ntraceparent: 00-" + TRACE + "-" + spans.getFirst().id() + "-01\r\n")
                .doesNotContain(PARENT)
                .doesNotContainIgnoringCase("x-b3-parentspanid");
    }

    @Test
    void hasASpanForEachEndpointThatWasAsked() {
        ScriptedUpstream hangsUp = ScriptedUpstream.playing((turn, _) -> turn.hear());
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, hangsUp, upstream);
        trace();

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
        trace();

        world.get("/");
        List<Kept> refused = book.nextRequest();
        world.endpoints(World.WEB, List.of());
        world.get("/");
        List<Kept> unserved = book.nextRequest();
        obey(book.policy(), rule("/shop"));
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
        obey(book.policy(), rule("/").withPolicy(Policy.NONE.withRelay(Relay.NONE.withErrors(errors))));

        world.get("/", SAMPLED);

        List<Kept> spans = book.nextRequest();
        assertThat(spans).hasSize(3);
        assertThat(spans.getFirst().failed()).isTrue();
        assertThat(spans.get(1).attributes()).contains(entry("linnet.service", "default/pages:80"));
        assertThat(Told.by(page.nextHead())).isEqualTo(Told.of(spans.get(1)));
    }

    @Test
    void saysWhichVersionHasServed() {
        world.serve(World.WEB, ScriptedUpstream.saying("old")).serve(World.CANARY, ScriptedUpstream.saying("new"));
        obey(book.policy(), rule("/", Canaries.header("X-Canary", 20)));

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
    void leavesItToTheCallerWhetherARequestIsTraced() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        trace("otel-sampler", "AlwaysOff");

        world.get("/");
        world.get("/", SAMPLED);

        assertThat(book.nextRequest()).extracting(Kept::trace).containsOnly(TRACE);
        assertThat(Told.by(upstream.nextHead())).matches(told -> !told.sampled());
        trace("otel-sampler", "AlwaysOn");

        world.get("/", SAMPLED.replace("-01", "-00"));
        world.get("/");

        assertThat(book.nextRequest()).extracting(Kept::trace).doesNotContain(TRACE);
        assertThat(book.unseen()).isZero();
    }

    @Test
    void decidesAloneWhereItIsToldTo() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.serve(World.WEB, upstream);
        trace("otel-sampler", "TraceIdRatioBased", "otel-sampler-ratio", "0.0", "otel-sampler-parent-based", "false");

        world.get("/", SAMPLED);
        trace("otel-sampler", "TraceIdRatioBased", "otel-sampler-ratio", "1.0", "otel-sampler-parent-based", "false");
        world.get("/", SAMPLED.replace("-01", "-00"));

        assertThat(book.nextRequest()).extracting(Kept::trace).containsOnly(TRACE);
        assertThat(book.unseen()).isZero();
        assertThat(Told.by(upstream.nextHead())).matches(told -> told.trace().equals(TRACE) && !told.sampled());
        assertThat(Told.by(upstream.nextHead())).matches(Told::sampled);
    }

    @Test
    void obeysRoutesThatSayOtherwise() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        Traced traced = new Traced(
                Optional.of(true),
                Optional.of(false),
                Template.parseWords(
                        "$request_method $service_name $uri in $namespace", Set.of("service_name", "namespace")));
        obey(
                book.policy("enable-opentelemetry", "false"),
                rule("/"),
                rule("/traced").withPolicy(traced(traced)));

        world.get("/");
        world.get("/traced/x?y", SAMPLED);

        Kept asked = book.nextRequest().getLast();
        assertThat(asked.name()).isEqualTo("GET web /traced/x in default");
        assertThat(asked.parent()).isEmpty();
        assertThat(book.unseen()).isZero();
    }

    private static Policy traced(Traced traced) {
        return Policy.NONE.withObserved(new Observed(true, traced));
    }

    @Test
    void tracesRequestsOfHttp2ToEndpointsOfHttp2() throws Exception {
        GrpcEndpoints endpoints = new GrpcEndpoints();
        world.serve(World.WEB, endpoints.serving((with, stream, _, _) -> GrpcEndpoints.answer(with, stream, "hello")));
        obey(book.policy(), GrpcEndpoints.grpc(rule("/")));

        Frames client = Frames.over(world.client());
        client.request(1, "POST", "/pkg.Echo/Say", false, "traceparent", "00-" + TRACE + "-" + PARENT + "-01")
                .data(1, GrpcEndpoints.framed("hello"), true)
                .answer(1);

        List<Kept> spans = book.nextRequest();
        assertThat(spans.getLast().parent()).isEqualTo(PARENT);
        assertThat(spans.getLast().attributes()).contains(entry("network.protocol.version", "2"));
        assertThat(endpoints.nextCall().get("traceparent"))
                .containsExactly("00-" + TRACE + "-" + spans.getFirst().id() + "-01");
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
        obey(book.policy(), rule("/").withHost("web.default.svc"), rule("/"));

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
        trace();

        world.get("/?token=hidden1", "Authorization: Bearer hidden2", "Cookie: session=hidden3");

        book.nextRequest();
        assertThat(book.raw).isNotEmpty().noneMatch(export -> export.contains("hidden"));
    }

    @Test
    void passesHeadersOnAsTheyAreWhileNothingIsTraced() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.everythingTo(upstream);
        String single = "b3: " + TRACE + "-" + PARENT + "-1";

        world.get("/", SAMPLED, "tracestate: vendor=1", single, "X-B3-TraceId: " + TRACE);

        assertThat(upstream.nextHead())
                .contains(
                        "\r\n" + SAMPLED + "\r\n",
                        "\r\ntracestate: vendor=1\r\n",
                        "\r\n" + single + "\r\n",
                        "\r\nX-B3-TraceId: " + TRACE + "\r\n");
    }

    @Test
    void changesTheCollectorWhileItServes() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        trace();
        world.get("/");
        book.nextRequest();

        try (SpanBook other = new SpanBook()) {
            obey(other.policy(), rule("/"));
            world.get("/");
            assertThat(other.nextRequest()).hasSize(2);
            obey(GlobalPolicy.DEFAULT, rule("/"));
            world.get("/");
            assertThat(other.unseen()).isZero();
        }
        assertThat(book.unseen()).isZero();
    }

    @Test
    void losesSpansRatherThanTimeWhileTheCollectorHangs() throws Exception {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        try (ServerSocket hangs = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            obey(SpanBook.policy(hangs.getLocalPort(), "otel-max-queuesize", "4"), rule("/"));

            for (int i = 0; i < 40; i++) {
                assertThat(world.get("/").body()).isEqualTo("hello");
            }

            await().until(() -> fate("dropped") >= 40);
            long before = System.nanoTime();
            world.gateway.stop(Duration.ofSeconds(10));
            // far from the three seconds that it takes, and less than two calls that nobody ends
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void countsSpansThatNobodyTakes() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        obey(SpanBook.policy(world.refusing().port()), rule("/"));

        assertThat(world.get("/").body()).isEqualTo("hello");

        await().until(() -> fate("failed") == 2);
        trace();
        assertThat(world.get("/").body()).isEqualTo("hello");
        assertThat(book.nextRequest()).hasSize(2);
        await().until(() -> fate("exported") == 2);
        assertThat(fate("dropped")).isZero();
    }

    @Test
    void handsOverWhatIsFinishedBeforeItStops() {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        trace("otel-schedule-delay-millis", "600000");
        world.get("/");

        world.gateway.stop(Duration.ofSeconds(10));

        assertThat(book.nextRequest()).hasSize(2);
    }

    private double fate(String outcome) {
        return world.gateway
                .metrics()
                .text()
                .lines()
                .filter(line -> line.startsWith("linnet_spans_total{") && line.contains("outcome=\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
