package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.linnet.gateway.exchange.ExchangeSettings;
import dev.linnet.gateway.net.PoolSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeepAliveTest {
    private World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void usesOneConnectionForManyRequestsOfManyClients() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.everythingTo(upstream);

        for (int i = 0; i < 5; i++) {
            Conversation client = world.client();
            for (int j = 0; j < 5; j++) {
                assertThat(client.send(request("GET", "/")).readResponse().body())
                        .isEqualTo("hello");
            }
        }

        assertThat(upstream.connections()).isOne();
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                String head = turn.hear();
                String body = head.startsWith("POST") ? turn.with().read(3) : "";
                turn.say(ok(head.split(" ", 3)[1] + body));
            }
        });
        world.everythingTo(upstream);

        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            all.append(i % 3 == 0 ? request("POST", "/" + i, "Content-Length: 3") + "abc" : request("GET", "/" + i));
        }
        Conversation client = world.client().send(all.toString());

        for (int i = 0; i < 50; i++) {
            assertThat(client.readResponse().body()).isEqualTo("/" + i + (i % 3 == 0 ? "abc" : ""));
        }
    }

    @Test
    void answersPipelinedRequestsThatItAnswersItself() {
        world.routes();
        Conversation client = world.client().send(request("GET", "/").repeat(500));

        for (int i = 0; i < 500; i++) {
            assertThat(client.readResponse().status()).isEqualTo(404);
        }
    }

    @Test
    void readsHeadsThatComeByteByByte() {
        world.everythingTo(ScriptedUpstream.saying("hello"));
        Conversation client = world.client();

        for (int i = 0; i < 2; i++) {
            client.sendByteByByte(request("GET", "/", "X: y"));
            assertThat(client.readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void closesWhereTheClientWantsIt() {
        world.everythingTo(ScriptedUpstream.saying("hello"));

        String answer =
                world.client().send(request("GET", "/", "Connection: close")).readToEnd();

        assertThat(answer).contains("Connection: close\r\n").endsWith("hello");
    }

    @Test
    void servesAClientThatHasSaidAllItWillSay() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                turn.hear();
                turn.say(ok("hello"));
            }
        });
        world.everythingTo(upstream);

        String answer = world.client()
                .send(request("GET", "/a") + request("GET", "/b"))
                .endOutput()
                .readToEnd();

        assertThat(answer.split("HTTP/1.1 200 OK")).hasSize(3);
        assertThat(upstream.nextHead()).startsWith("GET /a ");
        assertThat(upstream.nextHead()).startsWith("GET /b ");
    }

    @Test
    void doesNotKeepWhatTheEndpointCloses() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
            turn.with().readToEnd();
        });
        world.everythingTo(upstream);

        Conversation client = world.client();
        for (int i = 0; i < 3; i++) {
            Conversation.Response response = client.send(request("GET", "/")).readResponse();
            assertThat(response.head()).doesNotContain("Connection");
        }
        assertThat(upstream.connections()).isEqualTo(3);
    }

    @Test
    void dropsIdleConnectionsOfAnEndpointThatIsGone() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok("hello"));
            turn.with().readToEnd();
            turn.upstream().close();
        });
        world.everythingTo(upstream);
        world.get("/");

        world.endpoints(World.WEB, List.of());

        await().untilAsserted(() -> assertThat(upstream.isClosed()).isTrue());
    }

    @Test
    void limitsRequestsOfAConnectionToAnEndpoint() {
        world.close();
        world = new World(
                settings -> settings.withPool(new PoolSettings(10, Duration.ofSeconds(60), Duration.ofHours(1), 3)));
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.everythingTo(upstream);

        for (int i = 0; i < 7; i++) {
            world.get("/");
        }

        assertThat(upstream.connections()).isEqualTo(3);
    }

    @Test
    void keepsMoreConnectionsThanItsNumberForAMomentOnly() {
        world.close();
        world = new World(
                settings -> settings.withPool(new PoolSettings(1, Duration.ofSeconds(60), Duration.ofHours(1), 100)));
        AtomicInteger open = new AtomicInteger();
        CyclicBarrier both = new CyclicBarrier(2);
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            open.incrementAndGet();
            try {
                while (true) {
                    turn.hear();
                    both.await(10, TimeUnit.SECONDS);
                    turn.say(ok("hello"));
                }
            } finally {
                open.decrementAndGet();
            }
        });
        world.everythingTo(upstream);
        List<Conversation> clients = List.of(world.client(), world.client());

        for (int i = 0; i < 3; i++) {
            clients.forEach(client -> client.send(request("GET", "/")));
            clients.forEach(client -> assertThat(client.readResponse().body()).isEqualTo("hello"));
        }

        assertThat(upstream.connections()).isEqualTo(2);
        await().untilAsserted(() -> {
            world.clock.advance(Duration.ofMillis(100));
            assertThat(open).hasValue(1);
        });
    }

    @Test
    void limitsRequestsOfAClient() {
        world.close();
        ExchangeSettings plain = ExchangeSettings.DEFAULT;
        world = new World(settings -> settings.withExchanges(new ExchangeSettings(
                plain.heads(),
                plain.headTimeout(),
                plain.bodyTimeout(),
                plain.idleTimeout(),
                plain.sendTimeout(),
                3,
                plain.replayBytes())));
        Conversation client = world.client();

        for (int i = 0; i < 2; i++) {
            assertThat(client.send(request("GET", "/")).readResponse().head()).doesNotContain("Connection");
        }
        assertThat(client.send(request("GET", "/")).readToEnd()).contains("Connection: close\r\n");
    }
}
