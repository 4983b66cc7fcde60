package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.net.Transport;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies pass through; they are not collected. */
class BigBodyTest {
    private static final int MEGABYTE = 1_000_000;
    private static final int MEGABYTES = 64;
    private static final long SIZE = (long) MEGABYTES * MEGABYTE;
    private static final long MOST_IN_BUFFERS = 8L * MEGABYTE;

    private static World world(String transport) {
        return new World(settings -> settings, transport.equals("nio") ? Transport.NIO : Transport.best());
    }

    private static ScriptedUpstream sending(AtomicLong sent) {
        return ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
            for (int i = 0; i < MEGABYTES; i++) {
                turn.with().send(new byte[MEGABYTE]);
                sent.addAndGet(MEGABYTE);
            }
            turn.with().readToEnd();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"best", "nio"})
    void passesALargeResponseThroughLittleMemory(String transport) {
        try (World world = world(transport)) {
            world.everythingTo(sending(new AtomicLong()));
            Conversation client = world.client().send(request("GET", "/"));
            client.readHead();

            for (int i = 0; i < MEGABYTES; i++) {
                client.skip(MEGABYTE);
                assertThat(world.gateway.bufferedBytes()).isLessThan(MOST_IN_BUFFERS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"best", "nio"})
    void passesALargeRequestThroughLittleMemory(String transport) {
        try (World world = world(transport)) {
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.with().skip(SIZE);
                turn.say(ok("got it"));
            }));
            Conversation client = world.client().send(request("PUT", "/", "Content-Length: " + SIZE));

            for (int i = 0; i < MEGABYTES; i++) {
                client.send(new byte[MEGABYTE]);
                assertThat(world.gateway.bufferedBytes()).isLessThan(MOST_IN_BUFFERS);
            }
            assertThat(client.readResponse().body()).isEqualTo("got it");
        }
    }

    @Test
    void holdsTheEndpointBackWhileTheClientDoesNotRead() {
        try (World world = new World()) {
            AtomicLong sent = new AtomicLong();
            world.everythingTo(sending(sent));
            Conversation client = Conversation.with(world.gateway.httpAddress(), 16 * 1024);
            client.send(request("GET", "/")).readHead();

            AtomicLong before = new AtomicLong(-1);
            await().until(() -> before.getAndSet(sent.get()) == sent.get() && sent.get() > 0);
            assertThat(sent.get()).isLessThan(SIZE);
            assertThat(world.gateway.bufferedBytes()).isLessThan(MOST_IN_BUFFERS);

            client.skip(SIZE);
            client.close();
        }
    }

    @Test
    void holdsTheClientBackWhileTheEndpointDoesNotRead() throws InterruptedException {
        try (World world = new World()) {
            var mayRead = new java.util.concurrent.CountDownLatch(1);
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                mayRead.await();
                turn.with().skip(SIZE);
                turn.say(ok("got it"));
            }));
            Conversation client = world.client().send(request("PUT", "/", "Content-Length: " + SIZE));
            AtomicLong sent = new AtomicLong();
            Thread sender = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < MEGABYTES; i++) {
                    client.send(new byte[MEGABYTE]);
                    sent.addAndGet(MEGABYTE);
                }
            });

            AtomicLong before = new AtomicLong(-1);
            await().until(() -> before.getAndSet(sent.get()) == sent.get() && sent.get() > 0);
            assertThat(sent.get()).isLessThan(SIZE);
            assertThat(world.gateway.bufferedBytes()).isLessThan(MOST_IN_BUFFERS);

            mayRead.countDown();
            assertThat(client.readResponse().body()).isEqualTo("got it");
            sender.join();
        }
    }

    /** So does {@code nc -N}: what it sends is all, and it still reads. */
    @ParameterizedTest
    @ValueSource(strings = {"best", "nio"})
    void passesALargeResponseToAClientThatHasEndedItsHalf(String transport) {
        try (World world = world(transport)) {
            world.everythingTo(sending(new AtomicLong()));
            Conversation client = world.client().send(request("GET", "/")).endOutput();
            client.readHead();

            client.skip(SIZE);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }
}
