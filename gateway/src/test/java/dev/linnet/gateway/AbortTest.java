package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AbortTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static ScriptedUpstream closingWhenLeft() {
        return ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().isClosedByPeer();
            turn.upstream().close();
        });
    }

    @Test
    void leavesTheEndpointWhenTheClientIsGone() {
        ScriptedUpstream upstream = closingWhenLeft();
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("GET", "/"));
        upstream.nextHead();

        client.reset();

        await().until(upstream::isClosed);
        await().untilAsserted(() -> assertThat(world.failures("client_abort")).isOne());
        assertThat(world.numbers().series().getFirst().status()).containsOnlyKeys("4xx");
    }

    @Test
    void leavesTheEndpointWhenTheClientStopsInTheMiddleOfItsBody() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().read(2);
            turn.with().isClosedByPeer();
            turn.upstream().close();
        });
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("POST", "/", "Content-Length: 5") + "he");
        upstream.nextHead();

        client.close();

        await().until(upstream::isClosed);
        await().untilAsserted(() -> assertThat(world.failures("client_abort")).isOne());
    }

    @Test
    void leavesTheEndpointWhenTheClientIsGoneInTheMiddleOfAResponse() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
            turn.with().isClosedByPeer();
            turn.upstream().close();
        });
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("GET", "/"));
        client.readHead();

        client.reset();

        await().until(upstream::isClosed);
    }

    @Test
    void isNotDisturbedByAClientThatOnlyConnects() {
        world.everythingTo(ScriptedUpstream.answering(_ -> ok("hello")));

        world.client().close();
        world.client().send("GET / HT").close();
        world.client().send("GET / HT").reset();

        assertThat(world.get("/").body()).isEqualTo("hello");
        assertThat(world.failures("client_abort")).isZero();
    }
}
