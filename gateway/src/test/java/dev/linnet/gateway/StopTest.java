package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StopTest {
    @Test
    void letsExchangesEndAndTellsClientsNotToComeBack() throws InterruptedException {
        World world = new World();
        CountDownLatch mayAnswer = new CountDownLatch(1);
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            mayAnswer.await();
            turn.say(ok("hello"));
            turn.with().readToEnd();
        });
        world.everythingTo(upstream);
        Conversation busy = world.client().send(request("GET", "/"));
        Conversation idle = world.client();
        idle.send("GET /nothing HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
        upstream.nextHead();

        Thread stopping = Thread.ofVirtual().start(() -> world.gateway.stop(Duration.ofSeconds(10)));
        assertThat(refusesConnections(world)).isTrue();
        mayAnswer.countDown();

        assertThat(busy.readToEnd()).contains("Connection: close\r\n").endsWith("hello");
        busy.close();
        idle.close();
        stopping.join();
        upstream.close();
        assertThat(world.gateway.bufferedBytes()).isZero();
    }

    private static boolean refusesConnections(World world) {
        while (true) {
            try {
                Conversation.with(world.gateway.httpAddress()).close();
            } catch (UncheckedIOException e) {
                return true;
            }
        }
    }

    @Test
    void cutsWhatDoesNotEndInTime() {
        World world = new World();
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.with().readToEnd();
        });
        world.everythingTo(upstream);
        Conversation client = world.client().send(request("GET", "/"));
        upstream.nextHead();

        world.gateway.stop(Duration.ofMillis(50));

        assertThat(client.isClosedByPeer()).isTrue();
        assertThat(world.failures("stopped")).isOne();
        assertThat(world.gateway.bufferedBytes()).isZero();
        upstream.close();
    }

    @Test
    void stopsOnce() {
        World world = new World();

        world.gateway.stop(Duration.ZERO);

        world.close();
    }

    @Test
    void saysWhichAddressIsTaken() {
        try (World world = new World()) {
            GatewaySettings same = GatewaySettings.on(world.gateway.httpAddress());

            assertThatThrownBy(() -> Gateway.start(same))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on")
                    .hasMessageContaining("expected: a free port");
        }
    }
}
