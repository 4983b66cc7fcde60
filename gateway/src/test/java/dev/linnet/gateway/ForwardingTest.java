package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.gateway.net.Transport;
import dev.linnet.routing.Endpoint;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plain way through, on each transport. */
class ForwardingTest {
    static Stream<Transport> transports() {
        return Stream.of(Transport.best(), Transport.NIO);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void forwardsARequestAndItsResponse(Transport transport) {
        try (World world = new World(settings -> settings, transport)) {
            ScriptedUpstream upstream = ScriptedUpstream.answering(_ -> ok("hello"));
            world.everythingTo(upstream);

            Conversation.Response response = world.get("/path?query", "X-Request-ID: abc", "Accept: */*");

            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.head()).startsWith("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: ");
            assertThat(upstream.nextHead()).isEqualTo("""
                    GET /path?query HTTP/1.1
                    Host: app.example.com
                    X-Request-ID: abc
                    Accept: */*
                    X-Forwarded-Host: app.example.com
                    X-Real-IP: 127.0.0.1
                    X-Forwarded-For: 127.0.0.1
                    X-Forwarded-Proto: http
                    X-Forwarded-Scheme: http
                    X-Scheme: http
                    X-Forwarded-Port: 80

                    """.replace("\n", "\r\n"));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void servesSeveralClientsOnSeveralLoops(Transport transport) {
        try (World world = new World(settings -> settings.withLoops(3), transport)) {
            world.everythingTo(ScriptedUpstream.saying("one"), ScriptedUpstream.saying("two"));
            for (int i = 0; i < 9; i++) {
                Conversation client = world.client();
                client.send(request("GET", "/a") + request("GET", "/b") + request("GET", "/c"));
                for (int j = 0; j < 3; j++) {
                    assertThat(client.readResponse().body()).isIn("one", "two");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void noticesClientsAndEndpointsThatGo(Transport transport) {
        try (World world = new World(settings -> settings, transport)) {
            ScriptedUpstream upstream = ScriptedUpstream.playing((turn, number) -> {
                turn.hear();
                if (number == 1) {
                    turn.with().isClosedByPeer();
                } else {
                    turn.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                }
            });
            world.everythingTo(upstream);

            Conversation leaving = world.client().send(request("GET", "/"));
            upstream.nextHead();
            leaving.reset();
            assertThat(world.client().send(request("GET", "/")).isResetByPeer()).isTrue();

            org.awaitility.Awaitility.await().untilAsserted(() -> {
                assertThat(world.failures("client_abort")).isOne();
                assertThat(world.failures("reset")).isOne();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void answers502ForAnAddressThatIsNone(Transport transport) {
        try (World world = new World(settings -> settings, transport)) {
            world.routes(World.rule("/")).endpoints(World.WEB, List.of(new Endpoint("no.such.name", 80, "")));

            assertThat(world.get("/").status()).isEqualTo(502);
        }
    }
}
