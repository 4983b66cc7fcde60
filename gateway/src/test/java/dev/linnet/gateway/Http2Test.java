package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.exchange.ExchangeSettings;
import io.netty.handler.codec.http2.Http2Error;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients that speak HTTP/2 with prior knowledge, towards endpoints that speak HTTP/1.1. */
class Http2Test {
    private static Frames client(World world) {
        return Frames.over(world.client());
    }

    @Test
    void requestBecomesOneHttp11Head() {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
            world.everythingTo(upstream);

            Frames.Answer answer = client(world)
                    .get(1, "/a?b=c", "user-agent", "test", "te", "trailers", "x-thing", "1")
                    .answer(1);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body).hasToString("hello");
            String head = upstream.nextHead();
            assertThat(head).startsWith("GET /a?b=c HTTP/1.1\r\nhost: app.example.com\r\n");
            assertThat(head)
                    .contains("user-agent: test\r\n", "x-thing: 1\r\n", "X-Forwarded-Proto: http\r\n")
                    .doesNotContain("te:", "transfer-encoding", ":authority");
        }
    }

    @Test
    void responseHasNothingOfHttp11() {
        try (World world = new World()) {
            world.everythingTo(
                    ScriptedUpstream.answering(
                            _ -> "HTTP/1.1 200 Fine\r\nX-Cased: Yes\r\nServer: x\r\n"
                                    + "Keep-Alive: timeout=5\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nContent-Length: 2\r\n\r\nok"));

            Map<String, List<String>> head = client(world).get(1, "/").answer(1).last();

            assertThat(head.keySet()).containsExactlyInAnyOrder(":status", "x-cased", "content-length", "date");
            assertThat(head.get("x-cased")).containsExactly("Yes");
        }
    }

    @Test
    void manyStreamsOfOneConnectionAreServedAtOnce() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.answering(head -> ok(head.split(" ", 3)[1])));
            Frames client = client(world);
            List<Integer> streams =
                    IntStream.range(0, 100).map(i -> 2 * i + 1).boxed().toList();

            streams.forEach(stream -> client.get(stream, "/" + stream));

            client.answers(streams)
                    .forEach((stream, answer) -> assertThat(answer.body).hasToString("/" + stream));
        }
    }

    @Test
    void connectionCanBeUsedAgain() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.answering(head -> ok(head.split(" ", 3)[1])));
            Frames client = client(world);

            for (int stream = 1; stream < 100; stream += 2) {
                assertThat(client.get(stream, "/" + stream).answer(stream).body).hasToString("/" + stream);
            }
        }
    }

    @Test
    void prefaceMayComeByteByByte() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.saying("hello"));
            Conversation with = world.client().sendByteByByte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            with.send(Frames.frame(Frames.SETTINGS, 0, 0, new byte[0]));

            Frames client = Frames.spoken(with).get(1, "/");

            assertThat(client.answer(1).body).hasToString("hello");
        }
    }

    @Test
    void crumbsOfCookiesAreJoined() {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.saying("");
            world.everythingTo(upstream);

            client(world)
                    .get(1, "/", "cookie", "a=1", "x", "y", "cookie", "b=2; c=3")
                    .answer(1);

            assertThat(upstream.nextHead()).contains("\r\ncookie: a=1; b=2; c=3\r\n");
        }
    }

    @Test
    void hostFieldStandsInForAuthority() {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.saying("");
            world.everythingTo(upstream);

            client(world)
                    .fields(1, true, ":method", "GET", ":scheme", "https", ":path", "/", "host", "other.example.com")
                    .answer(1);

            assertThat(upstream.nextHead().toLowerCase(Locale.ROOT))
                    .containsOnlyOnce("\r\nhost: other.example.com\r\n");
        }
    }

    @Test
    void bodyOfAnnouncedLengthGoesOnAsItIs() {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.say(ok(turn.with().read(10)));
            });
            world.everythingTo(upstream);

            Frames client = client(world).request(1, "POST", "/", false, "content-length", "10");
            client.data(1, "01234", false).data(1, "", false).data(1, "56789", true);

            assertThat(client.answer(1).body).hasToString("0123456789");
            assertThat(upstream.nextHead()).contains("content-length: 10\r\n").doesNotContain("chunked");
        }
    }

    @Test
    void bodyOfUnknownLengthAndItsTrailersBecomeChunks() {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.say(ok(turn.with().readChunked().replace("\r\n", "|")));
            });
            world.everythingTo(upstream);

            Frames client = client(world).request(1, "POST", "/", false);
            client.data(1, "hello", false).data(1, "x".repeat(2000), false).fields(1, true, "x-sum", "42");

            assertThat(client.answer(1).body).hasToString("5|hello|7d0|" + "x".repeat(2000) + "|0|x-sum: 42||");
            assertThat(upstream.nextHead()).contains("transfer-encoding: chunked\r\n");
        }
    }

    @Test
    void chunksAreTakenOffAndTrailersPassedOn() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.answering(_ -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Sum: 42\r\nGrpc-Status: 0\r\n\r\n"));

            Frames.Answer answer = client(world).get(1, "/").answer(1);

            assertThat(answer.body).hasToString("hello world");
            assertThat(answer.last()).doesNotContainKeys("transfer-encoding", "content-length");
            assertThat(answer.trailers())
                    .containsEntry("x-sum", List.of("42"))
                    .containsEntry("grpc-status", List.of("0"));
        }
    }

    @Test
    void bodyUntilCloseEndsWithTheStream() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.say("HTTP/1.1 200 OK\r\n\r\nuntil close");
            }));

            assertThat(client(world).get(1, "/").answer(1).body).hasToString("until close");
        }
    }

    @Test
    void headersAloneEndWhatHasNoBody() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.answering(head -> head.startsWith("HEAD")
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
                    : head.contains("/204")
                            ? "HTTP/1.1 204 No Content\r\n\r\n"
                            : "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"));
            Frames client = client(world);

            Frames.Answer head = client.request(1, "HEAD", "/", true).answer(1);
            Frames.Answer none = client.get(3, "/204").answer(3);
            Frames.Answer same = client.get(5, "/304").answer(5);

            assertThat(head.last()).containsEntry("content-length", List.of("1000"));
            assertThat(head.dataFrames + none.dataFrames + same.dataFrames).isZero();
            assertThat(List.of(head.status(), none.status(), same.status())).containsExactly(200, 204, 304);
        }
    }

    @Test
    void interimResponsesAreInterimHeaders() {
        try (World world = new World()) {
            world.everythingTo(
                    ScriptedUpstream.answering(_ -> "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok("done")));

            Frames.Answer answer = client(world).get(1, "/").answer(1);

            assertThat(answer.heads).hasSize(2);
            assertThat(answer.heads.getFirst())
                    .containsEntry(":status", List.of("103"))
                    .containsKey("link");
            assertThat(answer.body).hasToString("done");
        }
    }

    @Test
    void expectationIsAnsweredWithContinue() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.say(ok(turn.with().read(4)));
            }));

            Frames client =
                    client(world).request(1, "POST", "/", false, "content-length", "4", "expect", "100-continue");
            assertThat(client.decode(client.next(Frames.HEADERS))).containsEntry(":status", List.of("100"));
            client.data(1, "body", true);

            assertThat(client.answer(1).body).hasToString("body");
        }
    }

    @Test
    void gatewaysOwnAnswersAreWhole() {
        try (World world = new World()) {
            world.routes();

            Frames.Answer answer = client(world).get(1, "/").answer(1);

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body).startsWith("404 Not Found");
        }
    }

    @Test
    void bigBodiesPassBothWays() {
        try (World world = new World()) {
            int size = 3_000_000;
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.with().skip(size);
                turn.say("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" + "d".repeat(size));
            }));
            Frames client = Frames.over(world.client(), Frames.setting(4, size));
            client.window(0, size);

            client.request(1, "PUT", "/", false, "content-length", "" + size);
            int window = 65535; // until the gateway's settings come; it pays back what it has passed on
            for (int sent = 0; sent < size; ) {
                int piece = Math.min(16_384, size - sent);
                while (window < piece) {
                    Frames.Frame frame = client.next();
                    if (frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1) {
                        window += java.nio.ByteBuffer.wrap(frame.payload()).getInt();
                    } else if (frame.type() == Frames.SETTINGS && frame.flags() == 0) {
                        window += 128 * 1024 - 65535;
                    }
                }
                client.data(1, "u".repeat(piece), sent + piece == size);
                window -= piece;
                sent += piece;
            }

            assertThat(client.answer(1).body.length()).isEqualTo(size);
        }
    }

    /** As many as could have been on their way are served: others must be asked anew elsewhere. */
    @Test
    void clientThatHeedsNoLimitOfRequestsIsLeft() {
        ExchangeSettings plain = ExchangeSettings.DEFAULT;
        ExchangeSettings three = new ExchangeSettings(
                plain.heads(),
                plain.headTimeout(),
                plain.bodyTimeout(),
                plain.idleTimeout(),
                plain.sendTimeout(),
                3,
                plain.replayBytes());
        try (World world = new World(settings -> settings.withExchanges(three))) {
            world.everythingTo(ScriptedUpstream.saying("hello"));
            Frames client = client(world);
            int served = 0;
            while (served < 1000 && answers(client, 2 * served + 1)) {
                served++;
            }

            assertThat(served).isBetween(3, 3 + 128);
            assertThat(client.seen())
                    .filteredOn(frame -> frame.type() == Frames.GOAWAY)
                    .extracting(Frames.Frame::error)
                    .containsExactly(Http2Error.NO_ERROR, Http2Error.NO_ERROR);
        }
    }

    private static boolean answers(Frames client, int stream) {
        try {
            return client.get(stream, "/").answer(stream).status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
