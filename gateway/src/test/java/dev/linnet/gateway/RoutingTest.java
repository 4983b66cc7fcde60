package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static dev.linnet.gateway.World.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.numbers.Snapshot.SeriesCounts;
import dev.linnet.routing.RouteTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTest {
    private final World world = new World();
    private final ScriptedUpstream primary = ScriptedUpstream.saying("primary");
    private final ScriptedUpstream canary = ScriptedUpstream.saying("canary");

    @AfterEach
    void close() {
        world.close();
        primary.close();
        canary.close();
    }

    @Test
    void answers404WhereNothingIsRouted() {
        assertThat(world.get("/").body()).isEqualTo("404 Not Found: no route for this host\n");
        world.routes(rule("/app"));
        assertThat(world.get("/").body()).isEqualTo("404 Not Found: no route for this path\n");
        assertThat(world.client()
                        .send(request("HEAD", "/") + request("GET", "/"))
                        .readHead())
                .startsWith("HTTP/1.1 404");
        assertThat(world.failures("no_route")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void answers503WhereNobodyServes() {
        world.routes(rule("/"));

        assertThat(world.get("/").body()).isEqualTo("503 Service Unavailable: no ready endpoints\n");
        assertThat(world.failures("no_endpoints")).isOne();
    }

    @Test
    void redirectsToTheSlashThatIsMissing() {
        world.routes(rule("/föö/"));

        Conversation.Response response = world.get("/f%C3%B6%C3%B6?a=b");

        assertThat(response.status()).isEqualTo(301);
        assertThat(response.head()).contains("Location: http://app.example.com/f%C3%B6%C3%B6/?a=b\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Canary: always, canary",
        "X-Canary: never, primary",
        "X_Canary: always, primary",
        "X-Other: always, primary",
        "Cookie: x-canary=always, primary"
    })
    void obeysHeaders(String header, String expected) {
        world.routes(rule("/", Canaries.header("X-Canary", 0)))
                .serve(World.WEB, primary)
                .serve(World.CANARY, canary);

        assertThat(world.get("/", header).body()).isEqualTo(expected);
    }

    @Test
    void obeysCookies() {
        world.routes(rule("/", Canaries.cookie("version")))
                .serve(World.WEB, primary)
                .serve(World.CANARY, canary);

        assertThat(world.get("/", "Cookie: a=b; version=always").body()).isEqualTo("canary");
        assertThat(world.get("/", "Cookie: a=b; version=never").body()).isEqualTo("primary");
    }

    @ParameterizedTest
    @CsvSource({"0", "10", "50", "100"})
    void givesTheCanaryItsShare(int weight) {
        world.routes(rule("/", Canaries.weight(weight)))
                .serve(World.WEB, primary)
                .serve(World.CANARY, canary);
        int requests = 2000;
        int hits = 0;
        Conversation client = world.client();
        for (int i = 0; i < requests; i++) {
            hits += client.send(request("GET", "/")).readResponse().body().equals("canary") ? 1 : 0;
        }

        double share = weight / 100.0;
        double sigma = Math.sqrt(requests * share * (1 - share));
        assertThat((double) hits).isBetween(requests * share - 5 * sigma, requests * share + 5 * sigma);
        assertThat(world.numbers().series().stream()
                        .mapToLong(RoutingTest::served)
                        .sum())
                .isEqualTo(requests);
    }

    private static long served(SeriesCounts series) {
        return series.status().getOrDefault("2xx", 0L);
    }

    @ParameterizedTest(name = "primary {0}, canary {1}, {2}: {3}")
    @CsvSource({
        "true, true, always, canary",
        "true, true, never, primary",
        "true, false, always, primary",
        "true, false, none, primary",
        "false, true, always, canary",
        "false, true, never, 503",
        "false, true, none, 503",
        "false, false, always, 503",
        "false, false, none, 503",
    })
    void servesWhatIsAvailable(boolean primaryServes, boolean canaryServes, String header, String expected) {
        world.routes(rule("/", Canaries.header("X-Canary", 0)))
                .endpoints(World.WEB, primaryServes ? List.of(primary.endpoint()) : List.of())
                .endpoints(World.CANARY, canaryServes ? List.of(canary.endpoint()) : List.of());

        Conversation.Response response = world.get("/", "X-Canary: " + header);

        assertThat(response.status() == 200 ? response.body() : String.valueOf(response.status()))
                .isEqualTo(expected);
    }

    @Test
    void sendsAllToTheCanaryAtFullWeightThoughThePrimaryHasNoEndpoints() {
        world.routes(rule("/", Canaries.weight(100))).serve(World.CANARY, canary);

        assertThat(world.get("/").body()).isEqualTo("canary");
    }

    @Test
    void takesTurnsBetweenEndpoints() {
        world.everythingTo(primary, canary);

        for (int i = 0; i < 20; i++) {
            world.get("/");
        }

        assertThat(primary.unseenHeads()).isEqualTo(10);
        assertThat(canary.unseenHeads()).isEqualTo(10);
    }

    @Test
    void losesNothingWhileRoutesAndEndpointsChange() throws Exception {
        ScriptedUpstream other = ScriptedUpstream.saying("primary");
        world.everythingTo(primary, other).serve(World.CANARY, canary);
        Thread changes = Thread.ofVirtual().start(() -> {
            RouteTable table = world.gateway.routes().table();
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                table = table.withHosts(Map.of("", List.of(rule("/", Canaries.weight(i % 101)))));
                world.gateway.routes().install(table);
                world.endpoints(
                        World.WEB,
                        i % 2 == 0 ? List.of(primary.endpoint()) : List.of(other.endpoint(), primary.endpoint()));
                world.endpoints(World.CANARY, i % 3 == 0 ? List.of() : List.of(canary.endpoint()));
                Thread.onSpinWait();
            }
        });

        Conversation client = world.client();
        for (int i = 0; i < 5000; i++) {
            assertThat(client.send(request("GET", "/")).readResponse().status()).isEqualTo(200);
        }
        changes.interrupt();
        changes.join();
        other.close();
    }

    @Test
    void countsByRouteAndSide() {
        world.routes(rule("/", Canaries.header("X-Canary", 0)))
                .serve(World.WEB, primary)
                .serve(World.CANARY, canary);
        world.get("/");
        world.get("/", "X-Canary: always");
        world.get("/", "X-Canary: always");

        assertThat(world.numbers().series())
                .extracting(SeriesCounts::route, SeriesCounts::side, SeriesCounts::service, SeriesCounts::status)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "default/web /", "canary", "default/web-canary:80", Map.of("2xx", 2L)),
                        org.assertj.core.groups.Tuple.tuple(
                                "default/web /", "primary", "default/web:80", Map.of("2xx", 1L)));
    }
}
