package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.Http2Error;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What costs a client little and a careless server much ends the connection, and only it. */
class Http2FloodTest {
    private final World world = new World();
    private final ScriptedUpstream upstream = ScriptedUpstream.saying("hello");

    @BeforeEach
    void serve() {
        world.everythingTo(upstream);
    }

    @AfterEach
    void othersAreStillServed() {
        assertThat(world.get("/").body()).isEqualTo("hello");
        world.close();
    }

    private Frames client() {
        return Frames.over(world.client());
    }

    /** Sends until the gateway has had enough. */
    private static Http2Error floodWith(Frames client, int frames, IntFunction<byte[]> frame) {
        List<byte[]> all = IntStream.range(0, frames).mapToObj(frame).toList();
        try {
            for (int from = 0; from < all.size(); from += 100) {
                client.sendRaw(Frames.join(all.subList(from, Math.min(all.size(), from + 100))));
            }
        } catch (UncheckedIOException e) {
            // it has hung up already; what it said is still there
        }
        return client.goodbye();
    }

    /** Although the connection is still open: the client has not hung up. A large read may be under way at any moment. */
    private void nothingOfItIsKept() {
        await().untilAsserted(() -> assertThat(world.gateway.bufferedBytes()).isLessThan(64 * 1024));
    }

    @Test
    void rapidResetEndsTheConnection() {
        Frames client = client();
        byte[] cancel = {0, 0, 0, 8};

        Http2Error error = floodWith(
                client,
                2_000,
                i -> Frames.join(List.of(
                        Frames.frame(
                                Frames.HEADERS,
                                Frames.END_HEADERS | Frames.END_STREAM,
                                2 * i + 1,
                                client.encode(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/")),
                        Frames.frame(Frames.RST_STREAM, 0, 2 * i + 1, cancel))));

        assertThat(error).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
        assertThat(upstream.connections()).as("connections to the endpoint").isLessThan(400);
    }

    /** CVE-2025-8671: the client makes the server do the resetting. */
    @Test
    void provokedResetsEndTheConnection() {
        Frames client = client();
        byte[] none = {0, 0, 0, 0};

        Http2Error error = floodWith(
                client,
                2_000,
                i -> Frames.join(List.of(
                        Frames.frame(
                                Frames.HEADERS,
                                Frames.END_HEADERS,
                                2 * i + 1,
                                client.encode(":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/")),
                        Frames.frame(Frames.WINDOW_UPDATE, 0, 2 * i + 1, none))));

        assertThat(error).isIn(Http2Error.ENHANCE_YOUR_CALM, Http2Error.PROTOCOL_ERROR);
    }

    @Test
    void continuationsWithoutEndEndTheConnection() {
        Frames client = client();
        client.send(Frames.HEADERS, Frames.END_STREAM, 1, client.encode(":method", "GET"));

        Http2Error error =
                floodWith(client, 10_000, i -> Frames.frame(Frames.CONTINUATION, 0, 1, new byte[] {0, 1, 'a', 1, 'b'}));

        assertThat(error).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
        nothingOfItIsKept();
    }

    @Test
    void hugeContinuationsEndTheConnection() {
        Frames client = client();
        client.send(Frames.HEADERS, Frames.END_STREAM, 1, new byte[16_000]);

        Http2Error error = floodWith(client, 100, i -> Frames.frame(Frames.CONTINUATION, 0, 1, new byte[16_000]));

        assertThat(error).isNotEqualTo(Http2Error.NO_ERROR);
        nothingOfItIsKept();
    }

    /** One long field in HPACK's table, and then thousands of references to it, a byte each. */
    @Test
    void hpackBombIsDefused() {
        Frames client = client();
        byte[] field = client.encode("a", "x".repeat(3_000));
        byte[] bomb = new byte[field.length + 12_000];
        System.arraycopy(field, 0, bomb, 0, field.length);
        for (int i = field.length; i < bomb.length; i++) {
            bomb[i] = (byte) (0x80 | 62);
        }

        client.send(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 1, bomb);

        assertThat(client.decode(client.next(Frames.HEADERS)).get(":status")).containsExactly("431");
        assertThat(client.get(3, "/").answer(3).body).hasToString("hello");
    }

    @Test
    void emptyDataWithoutEndEndsTheConnection() {
        Frames client = client().request(1, "POST", "/", false);

        Http2Error error = floodWith(client, 5_000, i -> Frames.frame(Frames.DATA, 0, 1, new byte[0]));

        assertThat(error).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void pingsWithoutEndEndTheConnection() {
        assertThat(floodWith(client(), 20_000, i -> Frames.frame(Frames.PING, 0, 0, new byte[8])))
                .isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void pingsNowAndThenAreAnswered() {
        Frames client = client();
        for (int i = 0; i < 3_000; i++) {
            if (i % 100 == 0) {
                world.clock.advance(Duration.ofSeconds(2));
                client.get(2 * i + 1, "/").answer(2 * i + 1);
            }
            client.send(Frames.PING, 0, 0, new byte[8]);
            assertThat(client.next(Frames.PING).flags()).isEqualTo(Frames.ACK);
        }
    }

    @Test
    void settingsWithoutEndEndTheConnection() {
        assertThat(floodWith(client(), 5_000, i -> Frames.frame(Frames.SETTINGS, 0, 0, Frames.setting(4, i))))
                .isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void prioritiesWithoutEndEndTheConnection() {
        assertThat(floodWith(
                        client(), 20_000, i -> Frames.frame(Frames.PRIORITY, 0, 2 * i + 1, new byte[] {0, 0, 0, 0, 1})))
                .isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void windowUpdatesWithoutEndEndTheConnection() {
        byte[] one = {0, 0, 0, 1};
        assertThat(floodWith(client(), 20_000, i -> Frames.frame(Frames.WINDOW_UPDATE, 0, 0, one)))
                .isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void unknownFramesWithoutEndEndTheConnection() {
        Frames client = client().request(1, "POST", "/", false);
        assertThat(floodWith(client, 20_000, i -> Frames.frame(0x50, 0, 1, new byte[1])))
                .isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void windowThatOverflowsIsAnError() {
        byte[] most = {0x7f, -1, -1, -1};

        assertThat(client().send(Frames.WINDOW_UPDATE, 0, 0, most).goodbye()).isEqualTo(Http2Error.FLOW_CONTROL_ERROR);
    }

    /** Answers to pings pile up for a client that does not read: then it is not read either. */
    @Test
    void clientThatDoesNotReadIsNotReadEither() {
        Frames client = Frames.over(Conversation.with(world.gateway.httpAddress(), 4096));
        try (client) {
            client.request(1, "POST", "/", false);
            byte[] ping = Frames.frame(Frames.PING, 0, 0, new byte[8]);
            byte[] data = Frames.frame(Frames.DATA, 0, 1, new byte[1]);
            byte[] both = Frames.join(List.of(data, ping)); // honest traffic pays for the pings
            byte[] many = Frames.join(Collections.nCopies(500, both));
            try {
                for (int i = 0; i < 100; i++) {
                    client.sendRaw(many);
                }
            } catch (UncheckedIOException e) {
                // hung up
            }
            assertThat(world.gateway.bufferedBytes()).isLessThan(16 * 1024 * 1024);
        }
    }

    @Test
    void garbageBehindThePrefaceEndsTheConnection() {
        Conversation with = world.client().send("PRI * HTTP/2.0\r\n\r\nGET / HTTP/1.1\r\n\r\n");

        assertThat(Frames.spoken(with).goodbye()).isEqualTo(Http2Error.PROTOCOL_ERROR);
    }

    @Test
    void prefaceBehindARequestIsARequest() {
        Conversation with = world.client().send(World.request("GET", "/"));
        assertThat(with.readResponse().body()).isEqualTo("hello");

        assertThat(with.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").readResponse().status())
                .isEqualTo(400);
    }
}
