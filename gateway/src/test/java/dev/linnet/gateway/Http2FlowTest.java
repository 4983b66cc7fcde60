package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.exchange.ExchangeSettings;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Streams that are slow, given up, or left when the gateway stops. */
class Http2FlowTest {
    private static final int BIG = 4_000_000;
    /** More than all sockets between keep. */
    private static final int UPLOAD = 40_000_000;

    private static ExchangeSettings withRequests(int requests) {
        ExchangeSettings plain = ExchangeSettings.DEFAULT;
        return new ExchangeSettings(
                plain.heads(),
                plain.headTimeout(),
                plain.bodyTimeout(),
                plain.idleTimeout(),
                plain.sendTimeout(),
                requests,
                plain.replayBytes());
    }

    private static ScriptedUpstream bigOrSmall() {
        return ScriptedUpstream.answering(head -> ok(head.startsWith("GET /big") ? "b".repeat(BIG) : "small"));
    }

    @Test
    void slowStreamDoesNotStopTheOthers() {
        try (World world = new World()) {
            world.everythingTo(bigOrSmall());
            Frames client = Frames.over(world.client());
            client.window(0, 1_000_000);

            client.get(1, "/big"); // its own window is used up
            for (int stream = 3; stream < 43; stream += 2) {
                assertThat(client.get(stream, "/small").answer(stream).body).hasToString("small");
            }
            client.window(1, BIG).window(0, BIG);

            assertThat(client.answer(1).body.length()).isGreaterThan(BIG - 65_536);
        }
    }

    @Test
    void clientThatTakesNothingCostsLittleMemory() {
        try (World world = new World()) {
            world.everythingTo(bigOrSmall());
            Frames client = Frames.over(world.client(), Frames.setting(4, 0));

            for (int stream = 1; stream < 201; stream += 2) {
                client.get(stream, "/big");
            }
            for (int i = 0; i < 100; i++) {
                client.next(Frames.HEADERS);
            }

            assertThat(world.gateway.bufferedBytes()).isLessThan(16 * 1024 * 1024);
        }
    }

    @Test
    void clientThatTakesNothingIsResetInTheEnd() {
        try (World world = new World()) {
            world.everythingTo(bigOrSmall());
            Frames client = Frames.over(world.client(), Frames.setting(4, 0));
            client.get(1, "/big").get(3, "/small");
            client.next(Frames.HEADERS);
            client.next(Frames.HEADERS);

            world.clock.advance(Duration.ofSeconds(61));

            assertThat(client.next(Frames.RST_STREAM).error()).isIn(Http2Error.CANCEL, Http2Error.INTERNAL_ERROR);
            assertThat(client.next(Frames.RST_STREAM).error()).isIn(Http2Error.CANCEL, Http2Error.INTERNAL_ERROR);
            await().untilAsserted(
                            () -> assertThat(world.failures("client_timeout")).isOne());
        }
    }

    @Test
    void uploadThatNobodyTakesStopsAtItsWindow() {
        try (World world = new World()) {
            CountDownLatch read = new CountDownLatch(1);
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                String head = turn.hear();
                if (head.startsWith("PUT")) {
                    read.await();
                    turn.with().skip(UPLOAD);
                }
                turn.say(ok("done"));
            }));
            Frames client = Frames.over(world.client());
            client.next(Frames.SETTINGS);

            client.request(1, "PUT", "/", false, "content-length", "" + UPLOAD);
            int window = 128 * 1024;
            int sent = 0;
            boolean asked = false;
            while (sent < UPLOAD) {
                while (window >= 16_000 && sent < UPLOAD) {
                    int piece = Math.min(16_000, UPLOAD - sent);
                    client.data(1, "u".repeat(piece), sent + piece == UPLOAD);
                    sent += piece;
                    window -= piece;
                }
                if (sent < UPLOAD) {
                    client.send(Frames.PING, 0, 0, new byte[8]); // what was paid back before its answer is all for now
                    Frames.Frame frame = client.next();
                    while (frame.type() != Frames.PING) {
                        if (frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1) {
                            window += java.nio.ByteBuffer.wrap(frame.payload()).getInt();
                        }
                        frame = client.next();
                    }
                    if (window < 16_000 && !asked) {
                        asked = true;
                        client.get(3, "/");
                        assertThat(client.answer(3).body)
                                .as("another stream meanwhile")
                                .hasToString("done");
                        read.countDown();
                    }
                }
            }
            assertThat(asked).as("stopped at its window").isTrue();
            assertThat(client.answer(1).body).hasToString("done");
        }
    }

    @Test
    void resetByTheClientAbortsTheRequest() {
        try (World world = new World()) {
            AtomicBoolean aborted = new AtomicBoolean();
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                aborted.set(turn.with().isClosedByPeer());
            }));
            Frames client = Frames.over(world.client()).get(1, "/");

            world.numbers();
            await().until(() -> client.send(Frames.PING, 0, 0, new byte[8]).next(Frames.PING) != null);
            client.reset(1);

            await().untilTrue(aborted);
            await().untilAsserted(
                            () -> assertThat(world.failures("client_abort")).isOne());
        }
    }

    @Test
    void endOfTheConnectionAbortsAllItsRequests() {
        try (World world = new World()) {
            CountDownLatch heard = new CountDownLatch(2);
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                heard.countDown();
                turn.with().readToEnd();
            }));
            Frames client = Frames.over(world.client()).get(1, "/").get(3, "/");

            await().until(() -> heard.getCount() == 0);
            client.close();

            await().untilAsserted(
                            () -> assertThat(world.failures("client_abort")).isEqualTo(2));
        }
    }

    @Test
    void brokenResponseResetsItsStreamOnly() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                String head = turn.hear();
                turn.say(
                        head.startsWith("GET /broken")
                                ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
                                : ok("whole"));
            }));
            Frames client = Frames.over(world.client()).get(1, "/broken");

            assertThat(client.next(Frames.RST_STREAM).error()).isEqualTo(Http2Error.INTERNAL_ERROR);
            client.seen().stream()
                    .filter(frame -> frame.type() == Frames.HEADERS)
                    .forEach(client::decode);
            assertThat(client.get(3, "/").answer(3).body).hasToString("whole");
        }
    }

    @Test
    void answerBeforeTheEndOfTheRequestTellsTheClientToKeepTheRest() {
        try (World world = new World()) {
            world.routes();
            Frames client = Frames.over(world.client());

            client.request(1, "POST", "/", false, "content-length", "1000000").data(1, "some", false);

            assertThat(client.decode(client.next(Frames.HEADERS)).get(":status"))
                    .containsExactly("404");
            assertThat(client.next(Frames.DATA).endsStream()).isTrue();
            assertThat(client.next(Frames.RST_STREAM).error()).isEqualTo(Http2Error.NO_ERROR);
        }
    }

    @Test
    void idleConnectionIsToldGoodbye() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.saying("hello"));
            Frames client = Frames.over(world.client());
            client.get(1, "/").answer(1);

            world.clock.advance(Duration.ofSeconds(76));

            assertThat(client.goodbye()).isEqualTo(Http2Error.NO_ERROR);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void connectionWithoutRequestIsClosedAfterTheTimeForAHead() {
        try (World world = new World()) {
            Frames client = Frames.over(world.client());
            client.next(Frames.SETTINGS);

            world.clock.advance(Duration.ofSeconds(61));

            assertThat(client.goodbye()).isEqualTo(Http2Error.NO_ERROR);
        }
    }

    @Test
    void bodyThatDoesNotComeIsAnsweredWith408() {
        try (World world = new World()) {
            CountDownLatch heard = new CountDownLatch(1);
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                heard.countDown();
                turn.with().readToEnd();
            }));
            Frames client = Frames.over(world.client()).request(1, "POST", "/", false, "content-length", "10");
            await().until(() -> heard.getCount() == 0);

            world.clock.advance(Duration.ofSeconds(61));

            assertThat(client.decode(client.next(Frames.HEADERS)).get(":status"))
                    .containsExactly("408");
        }
    }

    @Test
    void stoppingGatewayFinishesWhatIsUnderWay() throws Exception {
        World world = new World();
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            heard.countDown();
            go.await();
            turn.say(ok("late"));
        }));
        Frames idle = Frames.over(world.client());
        idle.next(Frames.SETTINGS);
        Frames busy = Frames.over(world.client()).get(1, "/");
        heard.await();

        Thread stop = Thread.ofVirtual().start(() -> world.gateway.stop(Duration.ofSeconds(10)));

        assertThat(idle.goodbye()).isEqualTo(Http2Error.NO_ERROR);
        idle.close();
        assertThat(busy.goodbye()).isEqualTo(Http2Error.NO_ERROR);
        go.countDown();
        assertThat(busy.answer(1).body).hasToString("late");
        assertThat(busy.isClosedByPeer()).isTrue();
        busy.close();
        stop.join();
        assertThat(world.failures("stopped")).isZero();
        assertThat(world.gateway.bufferedBytes()).isZero();
    }

    @Test
    void connectionServesOnlySoManyRequests() {
        try (World world = new World(settings -> settings.withExchanges(withRequests(3)))) {
            world.everythingTo(ScriptedUpstream.saying("hello"));
            Frames client = Frames.over(world.client());

            client.get(1, "/").get(3, "/").get(5, "/");

            assertThat(client.goodbye()).isEqualTo(Http2Error.NO_ERROR);
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefused() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> turn.with().readToEnd()));
            Frames client = Frames.over(world.client());

            for (int i = 0; i < 129; i++) {
                client.get(2 * i + 1, "/");
            }

            Frames.Frame refused = client.next(Frames.RST_STREAM);
            assertThat(refused.stream()).isEqualTo(257);
            assertThat(refused.error()).isEqualTo(Http2Error.REFUSED_STREAM);
        }
    }
}
