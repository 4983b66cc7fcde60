package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.routing.Rule;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clock stands still unless a test moves it. */
class TimeoutTest {
    private static final Rule.Limits ONE_TRY =
            new Rule.Limits(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(20), 1);

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static ScriptedUpstream silent() {
        return ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().readToEnd();
        });
    }

    @Test
    void answers504WhenTheEndpointDoesNotAnswerInTime() {
        ScriptedUpstream upstream = silent();
        world.routes(World.rule(ONE_TRY)).serve(World.WEB, upstream);
        Conversation client = world.client().send(request("GET", "/"));
        upstream.nextHead();

        world.clock.advance(Duration.ofSeconds(21));

        assertThat(client.readResponse().status()).isEqualTo(504);
        assertThat(world.failures("read_timeout")).isOne();
    }

    @Test
    void asksAnotherEndpointAfterATimeout() {
        ScriptedUpstream slow = silent();
        ScriptedUpstream quick = ScriptedUpstream.saying("hello");
        world.everythingTo(slow);
        Conversation client = world.client().send(request("GET", "/"));
        slow.nextHead();
        world.serve(World.WEB, slow, quick);

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.readResponse().body()).isEqualTo("hello");
        assertThat(slow.connections()).isOne();
    }

    @Test
    void doesNotAskTwiceWhatMustNotBeDoneTwice() {
        ScriptedUpstream upstream = silent();
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("POST", "/", "Content-Length: 5") + "hello");
        upstream.nextHead();

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.readResponse().status()).isEqualTo(504);
        assertThat(upstream.connections()).isOne();
    }

    @Test
    void cutsAResponseThatStalls() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            turn.with().readToEnd();
        });
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("GET", "/"));
        client.readHead();
        client.read(5);

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.isResetByPeer()).isTrue();
    }

    @Test
    void lastsAsLongAsTheEndpointSaysSomething() {
        CountDownLatch[] steps = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
            for (CountDownLatch step : steps) {
                step.await();
                turn.say("x");
            }
            turn.with().readToEnd();
        });
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("GET", "/"));
        client.readHead();

        for (CountDownLatch step : steps) {
            world.clock.advance(Duration.ofSeconds(50));
            step.countDown();
            assertThat(client.read(1)).isEqualTo("x");
        }
    }

    @Test
    void answers408ToAHeadThatTakesTooLong() {
        Conversation client = world.client().send("GET / HTTP/1.1\r\nHost: a\r\n");
        await().untilAsserted(() -> {
            world.clock.advance(Duration.ofSeconds(61));
            assertThat(world.failures("client_timeout")).isOne();
        });

        assertThat(client.readToEnd())
                .startsWith("HTTP/1.1 408 Request Timeout\r\n")
                .contains("Connection: close\r\n");
    }

    @Test
    void answers408ToABodyThatTakesTooLong() {
        ScriptedUpstream upstream = silent();
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("POST", "/", "Content-Length: 5") + "he");
        upstream.nextHead();

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.readToEnd()).startsWith("HTTP/1.1 408");
    }

    @Test
    void closesAClientThatAsksForNothing() {
        Conversation fresh = world.client();
        Conversation used = world.client();
        used.send(request("GET", "/")).readResponse();
        fresh.send(request("GET", "/")).readResponse();

        world.clock.advance(Duration.ofSeconds(80));

        assertThat(used.isClosedByPeer()).isTrue();
        assertThat(fresh.isClosedByPeer()).isTrue();
    }

    @Test
    void cutsAClientThatDoesNotRead() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                turn.with().send(new byte[1_000_000]);
            }
        });
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("GET", "/"));
        client.readHead();
        await().until(() -> world.gateway.bufferedBytes() > 100_000);

        await().untilAsserted(() -> {
            world.clock.advance(Duration.ofSeconds(61));
            assertThat(world.failures("client_timeout")).isOne();
        });
        assertThat(client.isResetByPeer()).isTrue();
    }

    @Test
    void answers504WhenTheEndpointDoesNotTakeTheRequest() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            new CountDownLatch(1).await();
        });
        world.routes(World.rule(ONE_TRY)).serve(World.WEB, upstream);
        Conversation client = world.client();
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                client.send(request("POST", "/", "Content-Length: 100000000"));
                for (int i = 0; i < 100; i++) {
                    client.send(new byte[1_000_000]);
                }
            } catch (java.io.UncheckedIOException e) {
                // the gateway gives up
            }
        });
        await().until(() -> world.gateway.bufferedBytes() > 100_000);

        await().untilAsserted(() -> {
            world.clock.advance(Duration.ofSeconds(31));
            assertThat(world.failures("send_timeout")).isOne();
        });
        assertThat(client.readHead()).startsWith("HTTP/1.1 504");
        client.close();
        sender.interrupt();
    }

    @Test
    void closesIdleConnectionsToEndpoints() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok("hello"));
            turn.with().readToEnd();
            turn.upstream().close();
        });
        world.everythingTo(upstream);
        world.get("/");

        world.clock.advance(Duration.ofSeconds(61));

        await().until(upstream::isClosed);
    }
}
