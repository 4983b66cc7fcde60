package dev.linnet.gateway;

import static dev.linnet.gateway.LeaveWorld.AUTH;
import static dev.linnet.gateway.LeaveWorld.cachedBy;
import static dev.linnet.gateway.LeaveWorld.leave;
import static dev.linnet.gateway.LeaveWorld.policy;
import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How somebody who gives leave is asked, how long he is waited for and how long his answer is kept (spec of ingress-nginx, §4.4, AUTH-2). */
class LeaveConnectionsTest {
    private final LeaveWorld gate = new LeaveWorld();
    private final World world = gate.world;
    private final ScriptedUpstream upstream = gate.upstream;

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void waitsWithoutEndWhereTheLimitIsZero() {
        Conversation witness = world.client();
        ScriptedUpstream gatekeeper = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            world.clock.advance(Duration.ofSeconds(61));
            assertThat(witness.isClosedByPeer()).as("deadlines were looked at").isTrue();
            turn.say(ok("welcome"));
        });
        Rule rule = World.rule(new Rule.Limits(Duration.ZERO, Duration.ZERO, Duration.ZERO, 3));
        world.routes(rule.withPolicy(policy(leave()))).serve(AUTH, gatekeeper);

        assertThat(world.get("/").status()).isEqualTo(200);
    }

    @Test
    void auth2NobodyWhoCannotBeAskedGivesLeave() {
        world.routes(World.rule("/").withPolicy(policy(leave())));
        assertThat(world.get("/").status()).isEqualTo(500);

        ScriptedUpstream closed = ScriptedUpstream.playing((turn, _) -> turn.hear());
        world.serve(AUTH, closed);
        assertThat(world.get("/").status()).isEqualTo(500);

        world.serve(AUTH, ScriptedUpstream.answering(_ -> "rubbish\r\n\r\n"));
        assertThat(world.get("/").status()).isEqualTo(500);
        assertThat(upstream.connections()).isZero();
    }

    @Test
    void auth2WhoIsLateGivesNoLeave() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        ScriptedUpstream silent = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            over.await();
        });
        gate.guard(leave(), silent);
        Conversation client = world.client().send(request("GET", "/"));
        silent.nextHead();

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.readResponse().status()).isEqualTo(500);
        over.countDown();
    }

    @Test
    void keepsConnectionsToWhoeverIsAsked() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.answering(
                _ -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        gate.guard(leave(), gatekeeper);

        for (int i = 0; i < 5; i++) {
            assertThat(world.get("/").status()).isEqualTo(200);
        }
        assertThat(gatekeeper.connections()).isOne();
    }

    @Test
    void asksAnewWhereAKeptConnectionTurnsOutToBeClosed() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok(""));
            turn.hear(); // and closes without an answer
        });
        gate.guard(leave(), gatekeeper);

        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);
    }

    @Test
    void doesNotReadEndlessAnswers() {
        ScriptedUpstream gatekeeper = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\n\r\n" + "a".repeat(1_000_000));
        });
        gate.guard(leave(), gatekeeper);

        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(gatekeeper.connections()).isEqualTo(2);
    }

    @Test
    void auth2ALeaveThatIsKeptOutlivesWhoeverGaveIt() {
        ScriptedUpstream gatekeeper =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\nFoo: from-auth\r\nContent-Length: 0\r\n\r\n");
        world.routes(
                        World.rule("/").withPolicy(policy(cachedBy("$cookie_user"))),
                        World.rule("/other").withPolicy(policy(cachedBy("$cookie_user"))))
                .serve(AUTH, gatekeeper);
        assertThat(world.get("/", "Cookie: user=a").status()).isEqualTo(200);
        upstream.nextHead();

        world.endpoints(AUTH, List.of());

        assertThat(world.get("/", "Cookie: x=y; user=a").status()).isEqualTo(200);
        assertThat(upstream.nextHead()).contains("\r\nfoo: from-auth\r\n");
        assertThat(world.get("/", "Cookie: user=b").status()).isEqualTo(500);
        assertThat(world.get("/other", "Cookie: user=a").status()).isEqualTo(500);
        Conversation elsewhere =
                world.client().send("GET / HTTP/1.1\r\nHost: other.example.com\r\nCookie: user=a\r\n\r\n");
        assertThat(elsewhere.readResponse().status()).isEqualTo(500);

        world.clock.advance(Duration.ofMinutes(6));
        assertThat(world.get("/", "Cookie: user=a").status()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Set-Cookie: a=b", "Cache-Control: no-store", "Cache-Control: max-age=1, private"})
    void doesNotKeepAnswersThatAreForOneClientOnly(String header) {
        ScriptedUpstream gatekeeper =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\n" + header + "\r\nContent-Length: 0\r\n\r\n");
        gate.guard(cachedBy("$host"), gatekeeper);
        assertThat(world.get("/").status()).isEqualTo(200);

        world.endpoints(AUTH, List.of());

        assertThat(world.get("/").status()).isEqualTo(500);
    }

    @Test
    void stopsAskingWhenTheClientGoes() {
        ScriptedUpstream silent = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().isClosedByPeer();
            turn.upstream().unseenHeads();
        });
        gate.guard(leave(), silent);
        Conversation client = world.client().send(request("GET", "/"));
        silent.nextHead();

        client.reset();

        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(world.failures("client_abort")).isOne());
    }

    @Test
    void knowsThatAnswersToHeadHaveNoBody() {
        ScriptedUpstream gatekeeper =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        gate.guard(new Asking().by("HEAD").tellingUri().leave(), gatekeeper);

        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(world.get("/").status()).isEqualTo(200);
        assertThat(gatekeeper.connections()).isOne();
    }
}
