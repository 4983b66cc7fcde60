package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.Bodies;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import dev.linnet.routing.policy.Retries;
import dev.linnet.routing.policy.Retries.On;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static ScriptedUpstream closingOnRequest() {
        return ScriptedUpstream.playing((turn, _) -> turn.hear());
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "POST, 'Content-Length: 5'"})
    void asksAnotherEndpointWhereOneRefusesConnections(String method, String header) {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                String head = turn.hear();
                turn.say(ok(head.startsWith("POST") ? turn.with().read(5) : "hello"));
            }
        });
        world.everythingTo(upstream);
        world.endpoints(World.WEB, List.of(world.refusing(), upstream.endpoint(), world.refusing()));

        for (int i = 0; i < 10; i++) {
            Conversation client = world.client();
            client.send(header.isEmpty() ? request(method, "/") : request(method, "/", header) + "hello");
            assertThat(client.readResponse().body()).isEqualTo("hello");
        }
        assertThat(world.failures("connect")).isZero();
    }

    @Test
    void passesALongAnswerOnWholeWhereNoOtherEndpointIsLeftForANewSession() {
        String body = "x".repeat(500_000);
        ScriptedUpstream busy = ScriptedUpstream.answering(
                _ -> "HTTP/1.1 503 X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        Affinity sticky = new Affinity(
                Affinity.Mode.PERSISTENT,
                Affinity.DEFAULT_COOKIE,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false,
                Optional.empty(),
                false,
                false);
        dev.linnet.routing.Rule plain = retrying(3, false, 503);
        world.routes(plain.withPolicy(plain.policy().withAffinity(sticky))).serve(World.WEB, busy);

        assertThat(world.get("/").body()).isEqualTo(body);
    }

    @Test
    void answers502WhenNoEndpointAcceptsAConnection() {
        world.routes(World.rule("/")).endpoints(World.WEB, List.of(world.refusing()));

        assertThat(world.get("/").status()).isEqualTo(502);
        assertThat(world.failures("connect")).isOne();
    }

    @Test
    void triesThreeTimesInAll() {
        List<ScriptedUpstream> upstreams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            upstreams.add(closingOnRequest());
        }
        world.everythingTo(upstreams.toArray(ScriptedUpstream[]::new));

        assertThat(world.get("/").status()).isEqualTo(502);
        assertThat(upstreams.stream().mapToInt(ScriptedUpstream::connections).sum())
                .isEqualTo(3);
        assertThat(upstreams.stream().mapToInt(ScriptedUpstream::connections).max())
                .hasValue(1);
        assertThat(world.failures("reset")).isOne();
    }

    @Test
    void asksAnotherEndpointWhereOneClosesTheConnectionUnanswered() {
        ScriptedUpstream bad = closingOnRequest();
        ScriptedUpstream good = ScriptedUpstream.saying("hello");
        world.everythingTo(bad, good);

        for (int i = 0; i < 6; i++) {
            assertThat(world.get("/").body()).isEqualTo("hello");
        }
        assertThat(bad.connections()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"POST, 502", "PATCH, 502", "LOCK, 502", "BREW, 502", "PUT, 200", "DELETE, 200"})
    void sendsAgainOnlyWhatMayBeDoneTwice(String method, int status) {
        CountDownLatch mayClose = new CountDownLatch(1);
        ScriptedUpstream bad = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            mayClose.await();
        });
        ScriptedUpstream good = ScriptedUpstream.saying("hello");
        world.everythingTo(bad);
        Conversation client = world.client().send(request(method, "/"));
        bad.nextHead();
        world.serve(World.WEB, bad, good);

        mayClose.countDown();

        assertThat(client.readResponse().status()).isEqualTo(status);
        assertThat(good.connections()).isEqualTo(status == 200 ? 1 : 0);
    }

    @Test
    void replaysASmallBody() {
        ScriptedUpstream bad = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().read(5);
        });
        ScriptedUpstream good = ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                turn.hear();
                turn.say(ok(turn.with().read(11)));
            }
        });
        world.everythingTo(bad, good);

        for (int i = 0; i < 4; i++) {
            Conversation client = world.client().send(request("PUT", "/", "Content-Length: 11") + "hello");
            client.send(" world");
            assertThat(client.readResponse().body()).isEqualTo("hello world");
        }
    }

    @Test
    void doesNotReplayALargeBody() {
        ScriptedUpstream bad = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().skip(200_000);
        });
        world.everythingTo(bad);

        Conversation client = world.client().send(request("PUT", "/", "Content-Length: 200000") + "a".repeat(200_000));

        assertThat(client.readResponse().status()).isEqualTo(502);
        assertThat(bad.connections()).isOne();
    }

    @Test
    void doesNotBlameAnEndpointForClosingAKeptConnection() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, number) -> {
            turn.hear();
            turn.say(ok("hello"));
            if (number % 2 == 1) {
                turn.hear(); // and closes without an answer
            } else {
                turn.with().readToEnd();
            }
        });
        world.routes(World.rule(new dev.linnet.routing.Rule.Limits(
                        World.LIMITS.connect(), World.LIMITS.send(), World.LIMITS.read(), 1)))
                .serve(World.WEB, upstream);
        Conversation client = world.client();

        assertThat(client.send(request("GET", "/")).readResponse().status()).isEqualTo(200);
        assertThat(client.send(request("GET", "/")).readResponse().status()).isEqualTo(200);

        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void doesNotAskAgainOnceAResponseHasBegun() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
        });
        world.everythingTo(upstream);

        assertThat(world.client().send(request("GET", "/")).isResetByPeer()).isTrue();
        assertThat(upstream.connections()).isOne();
    }

    @Test
    void staysOnTheSideThatWasChosen() {
        ScriptedUpstream primary = ScriptedUpstream.saying("primary");
        world.everythingTo(primary)
                .routes(World.rule("/", Canaries.weight(100)))
                .endpoints(World.CANARY, List.of(world.refusing()));

        assertThat(world.get("/").status()).isEqualTo(502);
        assertThat(primary.connections()).isZero();
    }

    private static dev.linnet.routing.Rule retrying(int tries, Duration within, boolean any, On... on) {
        return retrying(tries, new Retries(Set.of(on), Set.of(), within, any));
    }

    private static dev.linnet.routing.Rule retrying(int tries, boolean any, int status) {
        return retrying(tries, new Retries(Set.of(), Set.of(status), Duration.ZERO, any));
    }

    private static dev.linnet.routing.Rule retrying(int tries, Retries retries) {
        dev.linnet.routing.Rule plain = World.rule(new dev.linnet.routing.Rule.Limits(
                World.LIMITS.connect(), World.LIMITS.send(), World.LIMITS.read(), tries));
        return plain.withPolicy(
                Policy.NONE.withRelay(Relay.NONE.withBodies(Bodies.DEFAULT).withRetries(retries)));
    }

    private static ScriptedUpstream status(int status) {
        return ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                String head = turn.hear();
                if (head.startsWith("POST")) {
                    turn.with().read(5);
                }
                turn.say("HTTP/1.1 " + status + " X\r\nContent-Length: 3\r\n\r\n" + status);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 403, 404, 429, 418, 599})
    void asksAnotherEndpointAfterAStatusThatIsAReason(int status) {
        world.routes(retrying(3, false, status)).serve(World.WEB, status(status), status(200));

        for (int i = 0; i < 4; i++) {
            assertThat(world.get("/").body()).isEqualTo("200");
        }
    }

    @Test
    void passesTheLastAnswerOnWhenAllTriesAreUsed() {
        ScriptedUpstream one = status(503);
        ScriptedUpstream other = status(503);
        world.routes(retrying(2, false, 503)).serve(World.WEB, one, other);

        assertThat(world.get("/").body()).isEqualTo("503");
        assertThat(one.connections() + other.connections()).isEqualTo(2);
    }

    @Test
    void repeatsAPostOnlyIfToldTo() {
        world.routes(retrying(3, false, 503)).serve(World.WEB, status(503), status(503));
        String post = request("POST", "/", "Content-Length: 5") + "hello";
        assertThat(world.client().send(post).readResponse().status()).isEqualTo(503);

        world.routes(retrying(3, true, 503)).serve(World.WEB, status(503), status(200));
        for (int i = 0; i < 4; i++) {
            assertThat(world.client().send(post).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void asksNobodyElseWhereRetriesAreOff() {
        world.routes(retrying(3, Duration.ZERO, false))
                .endpoints(World.WEB, List.of(world.refusing(), world.refusing()));

        assertThat(world.get("/").status()).isEqualTo(502);
    }

    @Test
    void asksAnotherEndpointAfterAMalformedAnswerIfThatIsAReason() {
        ScriptedUpstream bad = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("nonsense\r\n\r\n");
        });
        world.routes(retrying(3, Duration.ZERO, false, On.INVALID_HEADER)).serve(World.WEB, bad, status(200));

        for (int i = 0; i < 4; i++) {
            assertThat(world.get("/").body()).isEqualTo("200");
        }
    }

    @Test
    void asksEachEndpointOnceWhereTriesAreUnlimited() {
        List<ScriptedUpstream> upstreams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            upstreams.add(closingOnRequest());
        }
        world.routes(retrying(Integer.MAX_VALUE, Duration.ZERO, false, On.ERROR))
                .serve(World.WEB, upstreams.toArray(ScriptedUpstream[]::new));

        assertThat(world.get("/").status()).isEqualTo(502);
        assertThat(upstreams).allMatch(upstream -> upstream.connections() == 1);
    }

    @Test
    void asksNobodyElseWhenTheTimeForThatIsOver() {
        CountDownLatch later = new CountDownLatch(1);
        ScriptedUpstream slow = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            later.await();
        });
        world.routes(retrying(3, Duration.ofSeconds(2), false, On.ERROR)).serve(World.WEB, slow, slow);
        Conversation client = world.client().send(request("GET", "/"));
        slow.nextHead();

        world.clock.advance(Duration.ofSeconds(3));
        later.countDown();

        assertThat(client.readResponse().status()).isEqualTo(502);
        assertThat(slow.connections()).isOne();
    }
}
