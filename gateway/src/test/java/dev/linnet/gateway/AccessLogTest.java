package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static dev.linnet.gateway.World.rule;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.gateway.log.AccessLogSettings;
import dev.linnet.gateway.log.AccessLogSettings.Form;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.RouteTable;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.Observed;
import dev.linnet.routing.policy.Policy;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private static final String TIME = "\\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}]";
    private static final String SECONDS = "[0-9]+\\.[0-9]{3}";

    private final Sink sink = new Sink();
    private World world = world(Form.NGINX);

    /** Lines as they come. */
    private static final class Sink extends OutputStream {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            if (b == '\n') {
                lines.add(line.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
                line.reset();
            } else {
                line.write(b);
            }
        }

        String next() throws InterruptedException {
            String next = lines.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("a line of the access log").isNotNull();
            return String.valueOf(next);
        }
    }

    private World world(Form form) {
        return new World(settings ->
                settings.withObserving(ObservingSettings.DEFAULT.withLog(new AccessLogSettings(form, sink))));
    }

    private void use(Form form) {
        world.close();
        world = world(form);
    }

    private void use(GlobalPolicy.AccessLog options) {
        LiveRoutes routes = world.gateway.routes();
        routes.install(routes.table(), GlobalPolicy.DEFAULT.withAccessLog(options), Map.of());
    }

    private void format(String format, boolean json) {
        use(new GlobalPolicy.AccessLog(true, false, format, json, List.of()));
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void writesTheLineOfIngressNginx() throws Exception {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.everythingTo(upstream);

        world.get(
                "/a?b=c",
                "Referer: http://there/",
                "User-Agent: test",
                "X-Request-ID: 0123",
                "Authorization: Basic am9lOng=");

        assertThat(sink.next())
                .matches("127\\.0\\.0\\.1 - joe " + TIME
                        + " \"GET /a\\?b=c HTTP/1\\.1\" 200 5 \"http://there/\" \"test\""
                        + " 139 " + SECONDS + " \\[default-web-80] \\[] 127\\.0\\.0\\.1:"
                        + upstream.endpoint().port()
                        + " 5 " + SECONDS + " 200 0123");
    }

    @Test
    void writesHyphensForWhatIsNotThere() throws Exception {
        world.everythingTo();

        world.get("/");

        assertThat(sink.next())
                .matches("127\\.0\\.0\\.1 - - " + TIME + " \"GET / HTTP/1\\.1\" 503 [0-9]+ \"-\" \"-\"" + " 41 "
                        + SECONDS + " \\[default-web-80] \\[] - - - - [0-9a-f]{32}");
    }

    @Test
    void namesPrimaryAndCanary() throws Exception {
        ScriptedUpstream canary = ScriptedUpstream.saying("new");
        world.routes(rule("/", Canaries.header("X-Canary", 0)))
                .serve(World.WEB, ScriptedUpstream.saying("old"))
                .serve(World.CANARY, canary);

        world.get("/", "X-Canary: always");
        world.get("/", "X-Canary: never");

        assertThat(sink.next())
                .contains(" [default-web-80] [default-web-canary-80] 127.0.0.1:"
                        + canary.endpoint().port() + " ");
        assertThat(sink.next()).contains(" [default-web-80] [] ");
    }

    @Test
    void leadsToTheTraceOfARequest() throws Exception {
        world.serve(World.WEB, ScriptedUpstream.saying("hello"));
        String format = "$opentelemetry_trace_id $opentelemetry_span_id";
        try (SpanBook book = new SpanBook()) {
            world.gateway
                    .routes()
                    .install(RouteTable.of(List.of(rule("/"))), book.policy("log-format-upstream", format), Map.of());
            world.get("/");

            SpanBook.Kept asked = book.nextRequest().getLast();
            assertThat(sink.next()).isEqualTo(asked.trace() + " " + asked.id());
        }
        format(format, false);
        world.get("/");

        assertThat(sink.next()).isEqualTo("- -");
    }

    @Test
    void listsAllAttempts() throws Exception {
        ScriptedUpstream gone = ScriptedUpstream.saying("");
        Endpoint closed = gone.endpoint();
        gone.close();
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.everythingTo(upstream).endpoints(World.WEB, List.of(closed, upstream.endpoint()));

        world.get("/");
        world.get("/");

        assertThat(List.of(sink.next(), sink.next()))
                .anySatisfy(line -> assertThat(line)
                        .containsPattern(" " + closed + ", " + upstream.endpoint() + " 0, 5 " + SECONDS + ", " + SECONDS
                                + " 502, 200 "));
    }

    @Test
    void letsNobodyForgeALine() throws Exception {
        world.everythingTo(ScriptedUpstream.saying("hello"));

        world.get("/\"x", "User-Agent: a\" b\\c\u00e9\t");

        assertThat(sink.next()).contains("\"GET /\\x22x HTTP/1.1\"").contains("\"a\\x22 b\\x5Cc\\xE9\"");
    }

    @Test
    void writesWhatWasRefused() throws Exception {
        Conversation.Response refused =
                world.client().send("GET / HTTP/9.9\r\n\r\n").readResponse();
        world.client().send("\u0016\u0003\u0001\r\n\r\n").readResponse();

        assertThat(refused.status()).isEqualTo(400);
        assertThat(sink.next())
                .containsPattern("\"GET / HTTP/9.9\" 400 [0-9]+ \"-\" \"-\" 0 " + SECONDS + " \\[] \\[] - - - - ");
        assertThat(sink.next()).contains("\"\\x16\\x03\\x01\" 400 ");
    }

    @Test
    void writes499WhereTheClientWentAway() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            over.await();
        });
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("GET", "/"));
        upstream.nextHead();

        client.reset();

        assertThat(sink.next())
                .containsPattern("\"GET / HTTP/1.1\" 499 0 .* " + upstream.endpoint() + " 0 " + SECONDS + " - ");
        over.countDown();
    }

    @Test
    void db3LogsRequestsForUnknownHostsOnlyOnRequest() throws Exception {
        world.routes();
        world.get("/unseen");
        use(new GlobalPolicy.AccessLog(true, true, "", false, List.of()));
        world.get("/seen");

        assertThat(sink.next()).contains("\"GET /seen HTTP/1.1\" 404 ").contains(" [upstream-default-backend] [] - ");
    }

    @Test
    void leavesOutWhatIsNotWanted() throws Exception {
        Rule unlogged =
                rule("/quiet").withPolicy(Policy.NONE.withObserved(new Observed(false, Observed.Traced.USUALLY)));
        world.routes(unlogged, rule("/")).serve(World.WEB, ScriptedUpstream.saying("hello"));
        use(new GlobalPolicy.AccessLog(true, false, "", false, List.of("/health?x")));

        world.get("/quiet");
        world.get("/health?x");
        world.get("/health");

        assertThat(sink.next()).contains("\"GET /health HTTP/1.1\" 200 ");
    }

    @Test
    void writesTheFormatOfTheConfigMap() throws Exception {
        world.everythingTo(ScriptedUpstream.saying("hello"));
        format(
                "$request_method|${uri}|$args|$server_protocol|$http_x_tenant|$namespace/$ingress_name|$service_name:$service_port"
                        + "|$location_path|$scheme|$nonsense|$status",
                false);

        world.get("/a?b", "X-Tenant: blue");

        assertThat(sink.next()).isEqualTo("GET|/a|b|HTTP/1.1|blue|default/web|web:80|/|http|-|200");
    }

    /** The format that ingress-nginx's own documentation shows has these. */
    @Test
    void writesWhomTheRequestAsksForAndThroughWhom() throws Exception {
        world.everythingTo(ScriptedUpstream.saying("hello"));
        format("$host|$server_name|$proxy_add_x_forwarded_for|$proxy_protocol_addr", false);

        world.client().get("Shop.Example.com:8080", "/", "X-Forwarded-For: 1.2.3.4, 5.6.7.8");
        world.client().get("[::1]:8080", "/");

        assertThat(sink.next()).isEqualTo("shop.example.com|_|1.2.3.4, 5.6.7.8, 127.0.0.1|-");
        assertThat(sink.next()).isEqualTo("[::1]|_|127.0.0.1|-");
    }

    @Test
    void escapesAsJsonOnRequest() throws Exception {
        world.everythingTo(ScriptedUpstream.saying("hello"));
        format("{\"agent\":\"$http_user_agent\",\"none\":\"$http_none\"}", true);

        world.get("/", "User-Agent: a\"\t\\b");

        assertThat(sink.next()).isEqualTo("{\"agent\":\"a\\\"\\u0009\\\\b\",\"none\":\"\"}");
    }

    @Test
    void writesJsonOnRequest() throws Exception {
        use(Form.JSON);
        world.everythingTo(ScriptedUpstream.saying("hello"));

        world.get("/a?b=\"", "User-Agent: \"x\"");

        JsonNode line = JsonMapper.builder().build().readTree(sink.next());
        assertThat(line.path("uri").asText()).isEqualTo("/a?b=\"");
        assertThat(line.path("user_agent").asText()).isEqualTo("\"x\"");
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("upstream").asText()).isEqualTo("default-web-80");
        assertThat(line.path("referer").asText()).isEmpty();
    }

    @Test
    void hidesNobodyWhoAsksForTooMuch() throws Exception {
        world.everythingTo(ScriptedUpstream.saying("hello"));

        world.get("/", "User-Agent: " + "\"".repeat(25_000));

        assertThat(sink.next())
                .startsWith("127.0.0.1")
                .containsPattern("\\\\x22\" 25055 " + SECONDS + " \\[default-web-80] \\[] .* 200 [0-9a-f]{32}$")
                .hasSizeLessThan(64 * 1024);
    }

    @Test
    void countsTheLinesThatASlowSinkCosts() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        world.close();
        world = new World(settings -> settings.withObserving(ObservingSettings.DEFAULT.withLog(new AccessLogSettings(
                Form.NGINX, new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new AssertionError("bytes come in batches");
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        try {
                            slow.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                }))));
        world.everythingTo(ScriptedUpstream.saying("hello"));
        Conversation client = world.client();

        String longAgent = "User-Agent: " + "x".repeat(30_000);
        for (int i = 0; i < 40; i++) {
            client.send(request("GET", "/", longAgent)).readResponse();
        }

        assertThat(metric("linnet_access_log_dropped_lines_total")).isPositive();
        assertThat(metric("linnet_access_log_dropped_lines_total") + metric("linnet_access_log_lines_total"))
                .isEqualTo(40);
        slow.countDown();
    }

    private double metric(String name) {
        return world.gateway
                .metrics()
                .text()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void writesWhatWasSaidBeforeTheEnd() throws Exception {
        world.everythingTo(ScriptedUpstream.saying("hello"));
        for (int i = 0; i < 100; i++) {
            world.get("/" + i);
        }

        world.close();

        assertThat(sink.lines).hasSize(100).last().asString().contains("\"GET /99 ");
        world = world(Form.OFF);
    }
}
