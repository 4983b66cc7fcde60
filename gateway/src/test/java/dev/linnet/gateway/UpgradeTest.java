package dev.linnet.gateway;

import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpgradeTest {
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private Conversation upgraded(String early) {
        Conversation client = world.client()
                .send(request("GET", "/", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: x") + early);
        assertThat(client.readHead())
                .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                .contains("Upgrade: websocket\r\n", "Connection: upgrade\r\n");
        return client;
    }

    @Test
    void becomesATunnel() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(SWITCH + "welcome");
            for (String heard = turn.with().read(4);
                    !heard.equals("stop");
                    heard = turn.with().read(4)) {
                turn.say("[" + heard + "]");
            }
        });
        world.everythingTo(upstream);

        Conversation client = upgraded("");

        assertThat(upstream.nextHead()).contains("Connection: upgrade\r\nUpgrade: websocket\r\n");
        assertThat(client.read(7)).isEqualTo("welcome");
        assertThat(client.send("GET ").read(6)).isEqualTo("[GET ]");
        assertThat(client.send("a\0\r\n").read(6)).isEqualTo("[a\0\r\n]");
        assertThat(client.send("stop").isClosedByPeer()).isTrue();
        client.close();
    }

    @Test
    void passesOnWhatAnImpatientClientSentEarly() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(SWITCH);
            turn.say(turn.with().read(5));
        });
        world.everythingTo(upstream);

        assertThat(upgraded("early").read(5)).isEqualTo("early");
    }

    @Test
    void letsOneSideFinishWhileTheOtherStillSpeaks() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(SWITCH);
            turn.say("you said " + turn.with().readToEnd());
        });
        world.everythingTo(upstream);

        Conversation client = upgraded("").send("hello").endOutput();

        assertThat(client.readToEnd()).isEqualTo("you said hello");
    }

    @Test
    void closesATunnelInWhichNobodySaysAnything() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(SWITCH);
            turn.with().readToEnd();
        });
        world.everythingTo(upstream);
        Conversation client = upgraded("");

        world.clock.advance(Duration.ofSeconds(61));

        assertThat(client.isClosedByPeer()).isTrue();
    }

    @Test
    void passesARefusalOnAndKeepsTheConnection() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("no");
        world.everythingTo(upstream);
        Conversation client = world.client();

        for (int i = 0; i < 2; i++) {
            client.send(request("GET", "/", "Upgrade: websocket", "Connection: Upgrade"));
            assertThat(client.readResponse().body()).isEqualTo("no");
        }
    }

    @Test
    void closesTheOtherSideWhenOneBreaks() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(SWITCH);
            turn.with().readToEnd();
            turn.upstream().close();
        });
        world.everythingTo(upstream);

        upgraded("").reset();

        org.awaitility.Awaitility.await().until(upstream::isClosed);
    }
}
