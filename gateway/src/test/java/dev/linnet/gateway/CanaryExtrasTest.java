package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.numbers.Snapshot.SeriesCounts;
import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.CanarySelector.Spread;
import dev.linnet.routing.CanarySelector.UserKey;
import dev.linnet.routing.MatchRule;
import dev.linnet.routing.MatchRule.Condition;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.Policy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linnet adds to canaries: a way back, users who keep their version, a header that names it. */
class CanaryExtrasTest {
    private static final CanarySelector ALL =
            new CanarySelector(Optional.empty(), Optional.empty(), new Share(100, 100));

    private final World world = new World();
    private final ScriptedUpstream primary = ScriptedUpstream.playing((turn, _) -> {
        while (true) {
            String head = turn.hear();
            turn.say(ok(
                    head.contains("Content-Length: 5\r\n")
                            ? "primary " + turn.with().read(5)
                            : "primary"));
        }
    });

    @AfterEach
    void close() {
        world.close();
        primary.close();
    }

    private World routes(CanarySelector selector) {
        return world.routes(World.rule("/", Canaries.with(selector))).serve(World.WEB, primary);
    }

    private World failingOver() {
        return routes(ALL.withFailover(true));
    }

    private long counted(String side, String status) {
        return world.numbers().series().stream()
                .filter(series -> series.side().equals(side))
                .mapToLong(series -> series.status().getOrDefault(status, 0L))
                .sum();
    }

    @Test
    void limitL07AnswersFromThePrimaryWhereTheCanaryRefusesConnections() {
        failingOver().endpoints(World.CANARY, List.of(world.refusing()));

        assertThat(world.get("/").body()).isEqualTo("primary");
        assertThat(world.client()
                        .send(request("POST", "/", "Content-Length: 5") + "hello")
                        .readResponse()
                        .body())
                .isEqualTo("primary hello");

        assertThat(counted("canary", "5xx")).isEqualTo(2);
        assertThat(counted("primary", "2xx")).isEqualTo(2);
        assertThat(world.failures("connect")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void limitL07AnswersFromThePrimaryWhereTheCanaryIsUnavailable(int status) {
        failingOver()
                .serve(
                        World.CANARY,
                        ScriptedUpstream.answering(
                                _ -> "HTTP/1.1 " + status + " Bad\r\nContent-Length: 4\r\n\r\noops"));

        Conversation client = world.client();
        assertThat(client.send(request("GET", "/")).readResponse().body()).isEqualTo("primary");
        assertThat(client.send(request("GET", "/")).readResponse().body()).isEqualTo("primary");
        assertThat(counted("canary", "5xx")).isEqualTo(2);
        assertThat(counted("primary", "2xx")).isEqualTo(2);
    }

    @Test
    void passesOnWhatIsNoUnavailability() {
        failingOver()
                .serve(World.CANARY, ScriptedUpstream.answering(_ -> "HTTP/1.1 500 Bad\r\nContent-Length: 0\r\n\r\n"));

        assertThat(world.get("/").status()).isEqualTo(500);
        assertThat(counted("primary", "2xx")).isZero();
    }

    @Test
    void limitL07AnswersFromThePrimaryWhereTheCanaryBreaksOff() {
        failingOver().serve(World.CANARY, ScriptedUpstream.playing((turn, _) -> turn.hear()));

        assertThat(world.get("/").body()).isEqualTo("primary");
        assertThat(world.failures("reset")).isOne();
    }

    @Test
    void limitL07AnswersFromThePrimaryWhereTheCanarysAnswerIsMalformed() {
        failingOver().serve(World.CANARY, ScriptedUpstream.answering(_ -> "HTTP/1.1 what\r\n\r\n"));

        assertThat(world.get("/").body()).isEqualTo("primary");
        assertThat(world.failures("bad_response")).isOne();
    }

    @Test
    void limitL07AnswersFromThePrimaryWhereTheCanaryIsSilent() {
        Rule.Limits oneTry = new Rule.Limits(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), 1);
        Rule plain = World.rule("/", Canaries.with(ALL.withFailover(true)));
        ScriptedUpstream silent = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().readToEnd();
        });
        world.routes(new Rule(plain.host(), plain.path(), plain.primary(), plain.canaries(), plain.source(), oneTry))
                .serve(World.WEB, primary)
                .serve(World.CANARY, silent);
        Conversation client = world.client().send(request("GET", "/"));
        silent.nextHead();

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.readResponse().body()).isEqualTo("primary");
        assertThat(world.failures("read_timeout")).isOne();
    }

    @Test
    void neverRepeatsWhatMayNotBeRepeated() {
        failingOver().serve(World.CANARY, ScriptedUpstream.playing((turn, _) -> turn.hear()));

        assertThat(world.client()
                        .send(request("POST", "/", "Content-Length: 0"))
                        .readResponse()
                        .status())
                .isEqualTo(502);
        assertThat(primary.unseenHeads()).isZero();
    }

    /** without the annotation, as in ingress-nginx. */
    @Test
    void x29NeverAsksThePrimaryUnlessToldTo() {
        routes(ALL).endpoints(World.CANARY, List.of(world.refusing()));

        assertThat(world.get("/").status()).isEqualTo(502);
        assertThat(primary.unseenHeads()).isZero();
    }

    @Test
    void limitL05StandsInForAPrimaryWithoutEndpoints() {
        ScriptedUpstream canary = ScriptedUpstream.saying("canary");
        routes(ALL.withShare(new Share(1, 100)).withFailover(true))
                .endpoints(World.WEB, List.of())
                .serve(World.CANARY, canary);

        for (int i = 0; i < 10; i++) {
            assertThat(world.get("/").body()).isEqualTo("canary");
        }
    }

    @Test
    void limitL24NamesTheVersionThatAnswered() {
        Rule rule =
                World.rule("/", Canaries.header("X-Canary", 0)).withPolicy(Policy.NONE.withVersionHeader("X-Version"));
        world.routes(rule)
                .serve(
                        World.WEB,
                        ScriptedUpstream.answering(
                                _ -> "HTTP/1.1 200 OK\r\nX-Version: forged\r\nContent-Length: 0\r\n\r\n"))
                .serve(World.CANARY, ScriptedUpstream.saying("canary"));

        assertThat(world.get("/").head()).contains("X-Version: web\r\n").doesNotContain("forged");
        assertThat(world.get("/", "X-Canary: always").head()).contains("X-Version: web-canary\r\n");
    }

    @Test
    void limitL24NamesWhoReallyAnsweredAfterAFailover() {
        world.routes(World.rule("/", Canaries.with(ALL.withFailover(true)))
                        .withPolicy(Policy.NONE.withVersionHeader("X-Version")))
                .serve(World.WEB, primary)
                .endpoints(World.CANARY, List.of(world.refusing()));

        assertThat(world.get("/").head()).contains("X-Version: web\r\n");
    }

    @Test
    void limitL08AUserWithoutACookieGetsOneAndKeepsHisVersion() {
        routes(ALL.withShare(new Share(50, 100)).withSpread(new Spread.Sticky(new UserKey.IssuedCookie())))
                .serve(World.CANARY, ScriptedUpstream.saying("canary"));
        Pattern cookie = Pattern.compile(
                "Set-Cookie: (linnet-user=[0-9a-f]{16}); Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax\r\n");
        Set<String> versions = new HashSet<>();

        for (int user = 0; user < 20; user++) {
            Conversation.Response first = world.get("/");
            Matcher given = cookie.matcher(first.head());
            assertThat(given.find()).as(first.head()).isTrue();
            for (int i = 0; i < 5; i++) {
                Conversation.Response again = world.get("/", "Cookie: " + given.group(1));
                assertThat(again.body()).isEqualTo(first.body());
                assertThat(again.head()).doesNotContain("Set-Cookie");
            }
            versions.add(first.body());
        }
        assertThat(versions).containsExactlyInAnyOrder("primary", "canary");
    }

    @Test
    void limitL09GivesExactlyItsShare() {
        routes(ALL.withShare(new Share(250, 10_000)).withSpread(new Spread.Exact()))
                .serve(World.CANARY, ScriptedUpstream.saying("canary"));
        Conversation client = world.client();
        int hits = 0;
        for (int n = 1; n <= 400; n++) {
            hits += client.send(request("GET", "/")).readResponse().body().equals("canary") ? 1 : 0;
            assertThat(Math.abs(hits - n * 0.025)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void limitL14SelectsByQueryMethodAndAddress() {
        MatchRule rule = new MatchRule(
                "query:v=2 method=PUT cidr=127.0.0.0/8",
                List.of(
                        new Condition.QueryIs("v", "2"),
                        new Condition.MethodIs("PUT"),
                        new Condition.From(AddressRanges.parse("127.0.0.0/8").orElseThrow())));
        routes(ALL.withShare(Share.NONE).withMatches(List.of(rule)))
                .serve(World.CANARY, ScriptedUpstream.saying("canary"));
        Conversation client = world.client();

        assertThat(client.send(request("PUT", "/?a=1&v=2", "Content-Length: 0"))
                        .readResponse()
                        .body())
                .isEqualTo("canary");
        assertThat(client.send(request("PUT", "/?v=3", "Content-Length: 0"))
                        .readResponse()
                        .body())
                .isEqualTo("primary");
        assertThat(client.send(request("GET", "/?v=2")).readResponse().body()).isEqualTo("primary");
    }

    @Test
    void limitL23CountsEachSideByItself() {
        world.routes(World.rule("/", Canaries.header("X-Canary", 0)))
                .serve(World.WEB, primary)
                .serve(World.CANARY, ScriptedUpstream.saying("canary"));
        world.get("/", "X-Canary: always");

        assertThat(world.numbers().series())
                .extracting(SeriesCounts::side, SeriesCounts::status)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("canary", Map.of("2xx", 1L)));
    }
}
