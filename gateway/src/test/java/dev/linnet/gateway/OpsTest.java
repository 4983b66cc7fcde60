package dev.linnet.gateway;

import static dev.linnet.gateway.World.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.gateway.ops.Bearers;
import dev.linnet.gateway.ops.OpsAccess;
import dev.linnet.numbers.SnapshotJson;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.Upstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpsTest {
    private final World world =
            new World(settings -> settings.withMetrics(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        world.close();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:"
                + world.gateway.metricsAddress().orElseThrow().getPort() + path);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Conversation.PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void isReadyOnceRoutesAreInstalled() throws Exception {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);

        world.routes();

        assertThat(get("/readyz").body()).isEqualTo("ready\n");
    }

    @Test
    void showsNumbers() throws Exception {
        world.everythingTo(ScriptedUpstream.saying("hello"));
        world.get("/");

        assertThat(get("/metrics").body())
                .containsPattern(
                        "nginx_ingress_controller_requests\\{canary=\"\",.*ingress=\"web\",.*status=\"200\"} 1\n");
        assertThat(SnapshotJson.read(get("/linnet/v1/snapshot").body()).series())
                .singleElement()
                .satisfies(series -> {
                    assertThat(series.service()).isEqualTo("default/web:80");
                    assertThat(series.status()).containsExactly(Map.entry("2xx", 1L));
                });
    }

    /** What Flagger asks of ingress-nginx's metrics: by namespace, the primary Ingress, and any canary. */
    @Test
    void answersTheQuestionsOfFlagger() throws Exception {
        ScriptedUpstream canary = ScriptedUpstream.answering(head -> {
            world.clock.advance(Duration.ofMillis(20));
            return head.contains("/broken")
                    ? "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
                    : ScriptedUpstream.ok("new");
        });
        world.routes(rule("/", Canaries.header("X-Canary", 0)))
                .serve(World.WEB, ScriptedUpstream.saying("old"))
                .serve(World.CANARY, canary);
        for (String path : new String[] {"/", "/a", "/b", "/broken"}) {
            world.get(path, "X-Canary: always");
        }
        world.get("/", "X-Canary: never");
        String page = get("/metrics").body();

        double all = sum(page, "nginx_ingress_controller_requests", "");
        double good = sum(page, "nginx_ingress_controller_requests", "status=\"[^5]");

        assertThat(good / all * 100).isEqualTo(75);
        double seconds = sum(page, "nginx_ingress_controller_response_duration_seconds_sum", "");
        double count = sum(page, "nginx_ingress_controller_response_duration_seconds_count", "");
        assertThat(1000 * seconds / count).isEqualTo(20, within(0.001));
    }

    private static double sum(String page, String metric, String also) {
        return page.lines()
                .filter(line -> line.startsWith(metric + "{"))
                .filter(line -> line.contains("namespace=\"default\"") && line.contains("ingress=\"web\""))
                .filter(line -> !line.contains("canary=\"\"")
                        && java.util.regex.Pattern.compile(also).matcher(line).find())
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void tellsOfItsConfigurationAndItself() throws Exception {
        world.routes();

        assertThat(get("/metrics").body())
                .containsPattern("nginx_ingress_controller_config_last_reload_successful\\{.*} 1\n")
                .containsPattern("nginx_ingress_controller_success\\{.*} 1\n")
                .containsPattern("nginx_ingress_controller_build_info\\{.*release=.*} 1\n")
                .containsPattern("nginx_ingress_controller_nginx_process_requests_total\\{.*} 0\n");
    }

    @Test
    void countsConnectionsByWhatIsDoneOnThem() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            answer.await(10, TimeUnit.SECONDS);
            turn.say(ScriptedUpstream.ok("late"));
        }));
        world.client(); // says nothing
        world.client().send("GET / HT");
        Frames.over(world.client()).get(1, "/");
        Conversation served = world.client().send(World.request("GET", "/"));

        connectionsBecome("active", 4);
        connectionsBecome("waiting", 1);
        connectionsBecome("reading", 1);
        connectionsBecome("writing", 2);
        answer.countDown();
        served.readResponse();
        connectionsBecome("waiting", 3);
        assertThat(get("/metrics").body())
                .containsPattern("nginx_process_connections_total\\{.*state=\"accepted\"} 4\n")
                .containsPattern("nginx_process_connections_total\\{.*state=\"handled\"} 4\n");
    }

    private void connectionsBecome(String state, int count) {
        await().atMost(Conversation.PATIENCE)
                .untilAsserted(() -> assertThat(get("/metrics").body())
                        .containsPattern("nginx_ingress_controller_nginx_process_connections\\{.*state=\"" + state
                                + "\"} " + count + "\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "/healthz, '', 200",
        "/readyz, '', 503",
        "/metrics, '', 200",
        "/linnet/v1/snapshot, '', 401",
        "/linnet/v1/snapshot, Basic YTpi, 401",
        "/linnet/v1/snapshot, Bearer nonsense, 401",
        "/linnet/v1/snapshot, Bearer other, 403",
        "/linnet/v1/snapshot, Bearer nobody-knows, 503",
        "/linnet/v1/snapshot, bearer reader, 200",
        "/linnet/v1/stream, '', 401",
        "/linnet/v1/routes, '', 401",
        "/linnet/v1/explain, '', 401",
    })
    void wantsATokenFromTheNetwork(String path, String authorization, int status) throws Exception {
        assertThat(statusForTheNetwork(false, path, authorization)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"'', 401", "Bearer reader, 200"})
    void mayWantOneForMetricsToo(String authorization, int status) throws Exception {
        assertThat(statusForTheNetwork(true, "/metrics", authorization)).isEqualTo(status);
    }

    private int statusForTheNetwork(boolean protectMetrics, String path, String authorization) throws Exception {
        Bearers bearers = (token, _) -> switch (token.reveal()) {
            case "reader" -> Bearers.Verdict.ALLOWED;
            case "other" -> Bearers.Verdict.FORBIDDEN;
            case "nobody-knows" -> Bearers.Verdict.UNDECIDED;
            default -> Bearers.Verdict.UNKNOWN;
        };
        try (World open = new World(settings ->
                settings.withMetrics(new InetSocketAddress(0)).withAccess(new OpsAccess(bearers, protectMetrics)))) {
            URI uri = URI.create("http://127.0.0.1:"
                    + open.gateway.metricsAddress().orElseThrow().getPort() + path);
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Conversation.PATIENCE);
            if (!authorization.isEmpty()) {
                request.header("Authorization", authorization);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    @Test
    void namesTheVersionsThatAreInForce() throws Exception {
        world.gateway.routes().install(world.gateway.routes().table(), Map.of("Ingress/default/web", "42"));

        assertThat(SnapshotJson.read(get("/linnet/v1/snapshot").body()).applied())
                .containsExactly(Map.entry("Ingress/default/web", "42"));
    }

    @Test
    void streamsNumbers() throws Exception {
        world.everythingTo(ScriptedUpstream.saying("hello"));
        world.get("/");
        HttpRequest request = HttpRequest.newBuilder(uri("/linnet/v1/stream")).build();

        try (InputStream in = client.send(request, HttpResponse.BodyHandlers.ofInputStream())
                        .body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            assertThat(SnapshotJson.read(nextEvent(lines)).series()).hasSize(1);
            assertThat(SnapshotJson.read(nextEvent(lines)).series()).isEmpty();
        }
    }

    private static String nextEvent(BufferedReader lines) throws IOException {
        assertThat(lines.readLine()).isEqualTo("event: snapshot");
        String data = lines.readLine();
        assertThat(lines.readLine()).isEmpty();
        return data.substring("data: ".length());
    }

    @Test
    void listsRoutes() throws Exception {
        world.routes(rule("/", Canaries.weight(10))).serve(World.WEB, ScriptedUpstream.saying("hello"));

        JsonNode rule = JsonMapper.builder()
                .build()
                .readTree(get("/linnet/v1/routes").body())
                .at("/rules/0");

        assertThat(rule.at("/source").asText()).isEqualTo("Ingress default/web");
        assertThat(rule.at("/primary/endpoints")).hasSize(1);
        assertThat(rule.at("/canaries/0/weight").asInt()).isEqualTo(10);
        assertThat(rule.at("/canaries/0/endpoints")).isEmpty();
    }

    @Test
    void explainsDecisions() throws Exception {
        world.routes(rule("/", Canaries.header("X-Canary", 0)))
                .serve(World.WEB, ScriptedUpstream.saying("hello"))
                .serve(World.CANARY, ScriptedUpstream.saying("hello"));
        String url = URLEncoder.encode("http://app.example.com/a", StandardCharsets.UTF_8);

        String asked = get("/linnet/v1/explain?url=" + url + "&header=X-Canary:+always&cookie=a%3Db")
                .body();
        HttpRequest post = HttpRequest.newBuilder(uri("/linnet/v1/explain"))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"url\": \"http://app.example.com/a\", \"headers\": {\"X-Canary\": [\"always\"]}}"))
                .build();
        String posted = client.send(post, HttpResponse.BodyHandlers.ofString()).body();

        assertThat(asked).isEqualTo(posted);
        JsonNode answer = JsonMapper.builder().build().readTree(asked);
        assertThat(answer.at("/side/side").asText()).isEqualTo("canary");
        assertThat(answer.at("/side/service").asText()).isEqualTo("default/web-canary:80");
        assertThat(answer.at("/steps/2").asText()).contains("takes the request");
        assertThat(get("/linnet/v1/explain").statusCode()).isEqualTo(400);
        assertThat(get("/linnet/v1/explain?url=" + url + "&header=x").body()).contains("expected: name: value");
    }

    @Test
    void explainsWhichSecretIsMissingWithoutWhichEndpointsCannotBeSpokenTo() throws Exception {
        ObjectRef destinationRule = new ObjectRef("DestinationRule", "default", "web");
        Problem problem = new Problem(destinationRule, Problem.Reason.BAD_SECRET, "spec", "names Secret default/ca");
        Problem other = new Problem(
                new ObjectRef("DestinationRule", "default", "other"),
                Problem.Reason.BAD_SECRET,
                "spec",
                "is not meant");
        world.routes(rule("/")).serve(World.WEB, ScriptedUpstream.saying("hello"));
        world.gateway
                .routes()
                .policies(Map.of(
                        World.WEB,
                        new TrafficPolicy(
                                TrafficPolicy.Pool.UNLIMITED,
                                Optional.empty(),
                                Optional.of(new TrafficPolicy.Security(Upstream.NONE, destinationRule, "spec")),
                                TrafficPolicy.Version.HTTP_1)));
        world.gateway.routes().problemsAreKnownBy(() -> List.of(problem, other));

        String asked =
                get("/linnet/v1/explain?url=http%3A%2F%2Fapp.example.com%2Fa").body();

        assertThat(JsonMapper.builder().build().readTree(asked).at("/problems"))
                .extracting(JsonNode::asText)
                .containsExactly(problem.toString());
        assertThat(get("/linnet/v1/routes").body()).contains("names Secret default/ca", "is not meant");
    }

    @Test
    void servesNoWebPages() throws Exception {
        assertThat(get("/metrics", "Origin", "http://evil").statusCode()).isEqualTo(403);
        assertThat(get("/metrics", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
        Conversation rebound = Conversation.with(world.gateway.metricsAddress().orElseThrow());
        assertThat(rebound.send("GET /metrics HTTP/1.1\r\nHost: evil.example:80\r\n\r\n")
                        .readHead())
                .startsWith("HTTP/1.1 403");
        rebound.close();
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
    }
}
