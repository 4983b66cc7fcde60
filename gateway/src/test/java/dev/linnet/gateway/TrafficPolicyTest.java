package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.HeaderRule;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.TrafficPolicy.Outliers;
import dev.linnet.routing.policy.TrafficPolicy.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What DestinationRules say of all requests to a Service (spec of Istio, §2.6), through the gateway. */
final class TrafficPolicyTest {
    private static final Outliers THREE_ERRORS =
            new Outliers(3, 0, 0, Duration.ofSeconds(10), Duration.ofSeconds(30), 50, 0);

    private final World world = new World();
    private final Semaphore answers = new Semaphore(0);

    @AfterEach
    void closes() {
        answers.release(100);
        world.close();
    }

    private void policy(Pool pool) {
        world.gateway.routes().policies(Map.of(World.WEB, TrafficPolicy.of(pool, Optional.empty())));
    }

    /** One that answers when it is told to. */
    private ScriptedUpstream patient() {
        return ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                turn.hear();
                answers.acquire();
                turn.say(ok("here"));
            }
        });
    }

    private Conversation asks() {
        return world.client().send(request("GET", "/"));
    }

    /** Waits until the gateway has dealt with all that was sent so far: it has one event loop. */
    private void settles() {
        for (int i = 0; i < 2; i++) {
            try (Conversation other = Conversation.with(world.gateway.httpAddress())) {
                other.send("GET / HTTP/1.1\r\nHost: nobody.example.com\r\n\r\n").readResponse();
            }
        }
    }

    private List<Integer> statuses(int count) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statuses.add(world.get("/").status());
        }
        return statuses;
    }

    @Test
    void leavesOutAnEndpointThatAnswersBadlyAndLetsItComeBack() {
        ScriptedUpstream bad = ScriptedUpstream.answering(_ -> "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
        world.everythingTo(ScriptedUpstream.saying("good"), bad);
        world.gateway.routes().policies(Map.of(World.WEB, TrafficPolicy.of(Pool.UNLIMITED, Optional.of(THREE_ERRORS))));

        assertThat(statuses(20)).filteredOn(status -> status == 500).hasSize(3);
        assertThat(statuses(20)).containsOnly(200);

        await().atMost(Conversation.PATIENCE).until(() -> {
            world.clock.advance(Duration.ofSeconds(11));
            return statuses(2).contains(500);
        });
    }

    @Test
    void letsRequestsWaitInLineWhileAllConnectionsAreBusy() {
        ScriptedUpstream upstream = patient();
        world.routes(World.rule("/").withHost("app.example.com")).serve(World.WEB, upstream);
        policy(new Pool(1, 1, 0, 0, 0, Optional.empty()));

        Conversation first = asks();
        upstream.nextHead();
        Conversation second = asks();
        settles();
        assertThat(upstream.unseenHeads()).isZero();
        Conversation third = asks();
        assertThat(third.readResponse().status()).isEqualTo(503);
        assertThat(world.failures("overflow")).isEqualTo(1);

        answers.release();
        assertThat(first.readResponse().body()).isEqualTo("here");
        upstream.nextHead();
        answers.release();
        assertThat(second.readResponse().body()).isEqualTo("here");
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void refusesARequestForWhichNobodyHasTimeForAMinute() {
        ScriptedUpstream upstream = patient();
        Duration patience = Duration.ofMinutes(5);
        world.routes(World.rule(new Rule.Limits(patience, patience, patience, 1))
                        .withHost("app.example.com"))
                .serve(World.WEB, upstream);
        policy(new Pool(1, 1, 0, 0, 0, Optional.empty()));
        Conversation first = asks();
        upstream.nextHead();
        Conversation second = world.client().send(request("POST", "/", "Content-Length: 5") + "he");
        settles();

        world.clock.advance(Duration.ofSeconds(40));
        second.send("l");
        settles();
        assertThat(world.failures("overflow")).isZero();
        world.clock.advance(Duration.ofSeconds(21));

        assertThat(second.readResponse().status()).isEqualTo(503);
        assertThat(world.failures("overflow")).isOne();
        answers.release();
        assertThat(first.readResponse().status()).isEqualTo(200);
    }

    @Test
    void givesThePlaceInLineOfAClientThatHasLeftToTheNext() {
        ScriptedUpstream upstream = patient();
        world.routes(World.rule("/").withHost("app.example.com")).serve(World.WEB, upstream);
        policy(new Pool(1, 1, 0, 0, 0, Optional.empty()));

        Conversation first = asks();
        upstream.nextHead();
        Conversation second = asks();
        settles();
        second.reset();
        settles();
        Conversation third = asks();
        settles();

        answers.release(2);
        assertThat(first.readResponse().status()).isEqualTo(200);
        assertThat(third.readResponse().status()).isEqualTo(200);
        assertThat(world.failures("overflow")).isZero();
    }

    @Test
    void refusesRequestsBeyondTheMostAtOnce() {
        ScriptedUpstream upstream = patient();
        world.routes(World.rule("/").withHost("app.example.com")).serve(World.WEB, upstream);
        policy(new Pool(0, Pool.LONGEST_LINE, 1, 0, 0, Optional.empty()));

        Conversation first = asks();
        upstream.nextHead();
        assertThat(asks().readResponse().status()).isEqualTo(503);

        answers.release(2);
        assertThat(first.readResponse().status()).isEqualTo(200);
        settles();
        assertThat(asks().readResponse().status()).isEqualTo(200);
    }

    @Test
    void letsWhoWaitsInOnceTheLimitIsRaised() {
        ScriptedUpstream upstream = patient();
        world.routes(World.rule("/").withHost("app.example.com")).serve(World.WEB, upstream);
        policy(new Pool(1, 10, 0, 0, 0, Optional.empty()));
        Conversation first = asks();
        upstream.nextHead();
        Conversation second = asks();
        settles();

        policy(Pool.UNLIMITED);

        upstream.nextHead();
        answers.release(2);
        assertThat(first.readResponse().status()).isEqualTo(200);
        assertThat(second.readResponse().status()).isEqualTo(200);
    }

    @Test
    void passesOnTheCanarysAnswerAndKeepsItsPlaceWhereThePrimaryIsTooBusyToTakeOver() {
        ScriptedUpstream primary = patient();
        ScriptedUpstream canary = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 503 Bad\r\nContent-Length: 4\r\n\r\noo");
            answers.acquire();
            turn.say("ps");
        });
        CanarySelector failingOver = new CanarySelector(
                        Optional.of(new HeaderRule.AlwaysNever("X-Canary")), Optional.empty(), Share.NONE)
                .withFailover(true);
        world.routes(World.rule("/", Canaries.with(failingOver)).withHost("app.example.com"))
                .serve(World.WEB, primary)
                .serve(World.CANARY, canary);
        TrafficPolicy oneAtOnce =
                TrafficPolicy.of(new Pool(0, Pool.LONGEST_LINE, 1, 0, 0, Optional.empty()), Optional.empty());
        world.gateway.routes().policies(Map.of(World.WEB, oneAtOnce, World.CANARY, oneAtOnce));
        Conversation ofPrimary = asks();
        primary.nextHead();

        Conversation ofCanary = world.client().send(request("GET", "/", "X-Canary: always"));
        canary.nextHead();
        assertThat(ofCanary.readHead()).startsWith("HTTP/1.1 503 ");
        assertThat(world.get("/", "X-Canary: always").status()).isEqualTo(503);
        assertThat(world.failures("overflow")).isOne();
        assertThat(canary.connections()).isOne();

        answers.release(3);
        assertThat(ofCanary.read(4)).isEqualTo("oops");
        assertThat(ofPrimary.readResponse().status()).isEqualTo(200);
        settles();
        assertThat(world.get("/", "X-Canary: never").status()).isEqualTo(200);
    }

    @Test
    void closesAConnectionAfterSoManyRequests() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("here");
        world.everythingTo(upstream);
        policy(new Pool(0, Pool.LONGEST_LINE, 0, 0, 2, Optional.empty()));

        assertThat(statuses(5)).containsOnly(200);

        assertThat(upstream.connections()).isEqualTo(3);
    }
}
