package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.CallerOptions;
import dev.linnet.routing.policy.CallerOptions.HeaderOptions;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Rates;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often a client may (spec of ingress-nginx, §4.7). */
class RateTest {
    /** Fills all buckets again, but ends no connection whose deadline was set from the tick before. */
    private static final Duration LONG = Duration.ofSeconds(50);

    private final World world = new World(settings -> settings.withLoops(2));
    private final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");

    @BeforeEach
    void serve() {
        world.everythingTo(upstream);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static Rates rates(int perSecond, int perMinute, int connections, int burst) {
        return new Rates(limit(perSecond), limit(perMinute), limit(connections), burst, AddressRanges.NONE, 429, 503);
    }

    private static OptionalInt limit(int limit) {
        return limit == 0 ? OptionalInt.empty() : OptionalInt.of(limit);
    }

    private void grant(Rates rates) {
        world.routes(
                World.rule("/").withPolicy(Policy.NONE.withRates(rates)),
                World.rule("/other").withPolicy(Policy.NONE.withRates(rates)));
    }

    private void believeForwardedFor() {
        world.gateway
                .routes()
                .callers(new CallerOptions(
                        true,
                        false,
                        AddressRanges.parse("127.0.0.1").orElseThrow(),
                        CallerOptions.FORWARDED_FOR,
                        false,
                        false,
                        Duration.ofSeconds(5),
                        HeaderOptions.DEFAULT));
    }

    private int passed(int requests, String... headers) {
        int passed = 0;
        for (int i = 0; i < requests; i++) {
            int status = world.get(i % 2 == 0 ? "/" : "/other", headers).status();
            assertThat(status).isIn(200, 429);
            passed += status == 200 ? 1 : 0;
        }
        return passed;
    }

    @ParameterizedTest
    @CsvSource({"2, 5, 11", "3, 1, 4", "1, 10, 11"})
    void grantsTheBurstAtOnceAndThenTheRate(int perSecond, int burst, int atOnce) {
        grant(rates(perSecond, 0, 0, burst));

        assertThat(passed(atOnce + 5)).isEqualTo(atOnce);
        world.clock.advance(Duration.ofSeconds(1));
        assertThat(passed(10)).isEqualTo(perSecond);
        world.clock.advance(LONG);
        assertThat(passed(atOnce + 5)).isEqualTo(atOnce);
    }

    @Test
    void limitsByTheMinuteLikewise() {
        grant(rates(0, 6, 0, 1));

        assertThat(passed(10)).isEqualTo(7);
        world.clock.advance(Duration.ofSeconds(10));
        assertThat(passed(5)).isEqualTo(1);
    }

    @Test
    void allLimitsMustAgree() {
        grant(rates(1, 60, 0, 1));
        assertThat(passed(5)).isEqualTo(2);

        world.clock.advance(LONG);
        grant(rates(100, 2, 0, 1));
        assertThat(passed(10)).isEqualTo(3);
    }

    @Test
    void countsEachClientByItself() {
        believeForwardedFor();
        grant(rates(1, 0, 0, 1));

        assertThat(passed(5, "X-Forwarded-For: 1.2.3.4")).isEqualTo(2);
        assertThat(passed(5, "X-Forwarded-For: 1.2.3.5")).isEqualTo(2);
        assertThat(passed(5, "X-Forwarded-For: 2001:db8::1")).isEqualTo(2);
        assertThat(passed(5, "X-Forwarded-For: ::ffff:1.2.3.4")).isZero();
    }

    @Test
    void doesNotCountWhoIsExempt() {
        Rates some = rates(1, 0, 1, 1);
        grant(new Rates(
                some.perSecond(),
                some.perMinute(),
                some.connections(),
                1,
                AddressRanges.parse("127.0.0.0/8").orElseThrow(),
                429,
                503));

        assertThat(passed(20)).isEqualTo(20);
    }

    @Test
    void dividesTheLimitByTheGatewaysThatShareIt() {
        world.gateway.routes().readyGateways(2);
        grant(rates(4, 0, 0, 1));

        assertThat(passed(10)).isEqualTo(3);
        world.clock.advance(Duration.ofSeconds(1));
        assertThat(passed(10)).isEqualTo(2);
    }

    @Test
    void remembersAcrossChangesOfRoutes() {
        grant(rates(1, 0, 0, 1));
        assertThat(passed(5)).isEqualTo(2);

        grant(rates(1, 0, 0, 1));

        assertThat(passed(5)).isZero();
    }

    @Test
    void limitsRequestsAtTheSameTime() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        ScriptedUpstream slow = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            mayAnswer.await();
            turn.say(ScriptedUpstream.ok("slow"));
        });
        world.serve(World.WEB, slow);
        grant(rates(0, 0, 2, 5));
        Conversation one = world.client().send(request("GET", "/"));
        Conversation two = world.client().send(request("GET", "/other"));
        slow.nextHead();
        slow.nextHead();

        assertThat(world.get("/").status()).isEqualTo(503);

        mayAnswer.countDown();
        assertThat(one.readResponse().body()).isEqualTo("slow");
        assertThat(two.readResponse().body()).isEqualTo("slow");
        assertThat(world.get("/").status()).isEqualTo(200);
    }

    @Test
    void aClientThatGoesMakesRoom() {
        CountDownLatch over = new CountDownLatch(1);
        ScriptedUpstream silent = ScriptedUpstream.playing((turn, number) -> {
            turn.hear();
            if (number == 1) {
                over.await();
            }
            turn.say(ScriptedUpstream.ok("hello"));
        });
        world.serve(World.WEB, silent);
        grant(rates(0, 0, 1, 5));
        Conversation client = world.client().send(request("GET", "/"));
        silent.nextHead();

        client.reset();

        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(world.get("/").status()).isEqualTo(200));
        over.countDown();
    }
}
