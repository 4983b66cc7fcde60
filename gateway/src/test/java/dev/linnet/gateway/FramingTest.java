package dev.linnet.gateway;

import static dev.linnet.gateway.ScriptedUpstream.ok;
import static dev.linnet.gateway.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How bodies find their end, on both sides. */
class FramingTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void streamsARequestBodyOfKnownLength() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok(turn.with().read(11)));
        });
        world.everythingTo(upstream);

        Conversation client = world.client().send(request("POST", "/", "Content-Length: 11") + "hello");
        assertThat(upstream.nextHead()).contains("Content-Length: 11\r\n");
        client.send(" wo").send("rld");

        assertThat(client.readResponse().body()).isEqualTo("hello world");
    }

    @Test
    void streamsAChunkedRequestBodyWithItsTrailers() {
        String body = "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n";
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok(turn.with().readChunked().replace("\r\n", "|")));
        });
        world.everythingTo(upstream);

        Conversation client = world.client().send(request("POST", "/", "Transfer-Encoding: chunked"));
        client.sendByteByByte(body);

        assertThat(client.readResponse().body()).isEqualTo(body.replace("\r\n", "|"));
        assertThat(upstream.nextHead())
                .contains("Transfer-Encoding: chunked\r\n")
                .doesNotContain("Content-Length");
    }

    @Test
    void passesAChunkedResponseOnWithItsTrailers() {
        String body = "5\r\nhello\r\n0\r\nGrpc-Status: 0\r\n\r\n";
        ScriptedUpstream upstream = ScriptedUpstream.answering(
                _ -> "HTTP/1.1 200 OK\r\nTrailer: Grpc-Status\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        world.everythingTo(upstream);

        Conversation client = world.client();
        for (int i = 0; i < 3; i++) {
            Conversation.Response response = client.send(request("GET", "/")).readResponse();
            assertThat(response.body()).isEqualTo(body);
            assertThat(response.head()).contains("Trailer: Grpc-Status\r\n");
        }
        assertThat(upstream.connections()).isOne();
    }

    @Test
    void passesAResponseOnByteByByte() {
        String whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            while (true) {
                turn.hear();
                turn.with().sendByteByByte(whole);
            }
        });
        world.everythingTo(upstream);

        Conversation client = world.client();
        for (int i = 0; i < 2; i++) {
            assertThat(client.send(request("GET", "/")).readResponse().body()).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
        }
    }

    @Test
    void takesChunksOffForAnHttp10Client() {
        ScriptedUpstream upstream = ScriptedUpstream.answering(
                _ -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
        world.everythingTo(upstream);

        String answer = world.client()
                .send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                .readToEnd();

        assertThat(answer).endsWith("Connection: close\r\n\r\nhello world").doesNotContain("chunked");
    }

    @Test
    void keepsAnHttp10ConnectionIfAskedAndPossible() {
        ScriptedUpstream upstream = ScriptedUpstream.saying("hello");
        world.everythingTo(upstream);

        Conversation client = world.client();
        for (int i = 0; i < 2; i++) {
            Conversation.Response response = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    .readResponse();
            assertThat(response.head()).contains("Connection: keep-alive\r\n");
        }
        assertThat(client.send("GET / HTTP/1.0\r\n\r\n").readToEnd())
                .contains("Connection: close\r\n")
                .endsWith("hello");
    }

    @Test
    void makesChunksOfAResponseThatLastsUntilTheConnectionIsClosed() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello");
        });
        world.everythingTo(upstream);

        Conversation client = world.client();
        for (int i = 0; i < 2; i++) {
            assertThat(client.send(request("GET", "/")).readResponse().body())
                    .endsWith("\r\n0\r\n\r\n")
                    .contains("hello");
        }
        assertThat(world.client().send("GET / HTTP/1.0\r\n\r\n").readToEnd()).endsWith("\r\n\r\nhello");
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200 OK, 5", "GET, 304 Not Modified, 5", "GET, 204 No Content, 0", "HEAD, 404 Not Found, 7"})
    void expectsNoBodyWhereThereIsNone(String method, String status, int length) {
        ScriptedUpstream upstream =
                ScriptedUpstream.answering(_ -> "HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n\r\n");
        world.everythingTo(upstream);

        Conversation client = world.client();
        for (int i = 0; i < 3; i++) {
            assertThat(client.send(request(method, "/")).readHead()).startsWith("HTTP/1.1 " + status);
        }
        assertThat(upstream.connections()).isOne();
    }

    @Test
    void passesInterimResponsesOn() {
        ScriptedUpstream upstream = ScriptedUpstream.answering(
                _ -> "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + ok("hello"));
        world.everythingTo(upstream);

        Conversation client = world.client().send(request("GET", "/"));

        assertThat(client.readHead()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        assertThat(client.readResponse().body()).isEqualTo("hello");
        assertThat(world.client().send("GET / HTTP/1.0\r\n\r\n").readToEnd()).startsWith("HTTP/1.1 200");
    }

    @Test
    void asksForTheBodyOfAClientThatWaitsOnceSomeoneWantsIt() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok(turn.with().read(5)));
        });
        world.everythingTo(upstream);

        Conversation client = world.client().send(request("POST", "/", "Expect: 100-continue", "Content-Length: 5"));

        assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(upstream.nextHead()).doesNotContain("Expect");
        assertThat(client.send("hello").readResponse().body()).isEqualTo("hello");
    }

    @Test
    void doesNotAskForABodyThatNobodyWants() {
        world.routes(World.rule("/")).endpoints(World.WEB, java.util.List.of());

        String answer = world.client()
                .send(request("POST", "/", "Expect: 100-continue", "Content-Length: 5"))
                .readToEnd();

        assertThat(answer).startsWith("HTTP/1.1 503 Service Unavailable\r\n").contains("Connection: close\r\n");
    }

    @Test
    void passesAnEarlyResponseOnAndClosesBecauseTheRestIsUnread() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            turn.with().readToEnd();
        });
        world.everythingTo(upstream);

        String answer = world.client()
                .send(request("POST", "/", "Content-Length: 100000") + "a".repeat(100))
                .readToEnd();

        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("Connection: close\r\n")
                .endsWith("no");
    }

    @Test
    void letsBothSidesStreamAtOnce() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
            for (int i = 0; i < 6; i++) {
                turn.say(turn.with().read(1));
            }
        });
        world.everythingTo(upstream);

        Conversation client = world.client().send(request("POST", "/", "Content-Length: 6"));

        assertThat(client.readHead()).contains("Connection: close\r\n");
        for (String letter : java.util.List.of("a", "b", "c", "d", "e", "f")) {
            assertThat(client.send(letter).read(1)).isEqualTo(letter);
        }
        assertThat(client.isClosedByPeer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhello\r\n0\r\nTransfer-Encoding: x\r\n\r\n"
            })
    void refusesMalformedChunksOfARequest(String body) {
        ScriptedUpstream upstream =
                ScriptedUpstream.playing((turn, _) -> turn.with().readToEnd());
        world.everythingTo(upstream);

        String atOnce = world.client()
                .send(request("POST", "/", "Transfer-Encoding: chunked") + body)
                .readToEnd();
        String later = world.client()
                .send(request("POST", "/", "Transfer-Encoding: chunked") + "1\r\na\r\n")
                .send(body)
                .readToEnd();

        assertThat(atOnce).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("Connection: close\r\n");
        assertThat(later).startsWith("HTTP/1.1 400 Bad Request\r\n");
        assertThat(world.failures("bad_request")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"
            })
    void letsTheClientNoticeThatAResponseIsNotWhole(String rest) {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say("HTTP/1.1 200 OK\r\n" + rest);
        });
        world.everythingTo(upstream);

        assertThat(world.client().send(request("GET", "/")).isResetByPeer()).isTrue();
        assertThat(world.client().send("GET / HTTP/1.0\r\n\r\n").isResetByPeer())
                .isTrue();
    }

    @Test
    void doesNotReuseAConnectionOnWhichTooMuchWasSaid() {
        ScriptedUpstream upstream = ScriptedUpstream.playing((turn, _) -> {
            turn.hear();
            turn.say(ok("hello") + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            turn.with().readToEnd();
        });
        world.everythingTo(upstream);

        Conversation client = world.client();
        assertThat(client.send(request("GET", "/")).readResponse().body()).isEqualTo("hello");
        assertThat(client.send(request("GET", "/")).readResponse().body()).isEqualTo("hello");
        assertThat(upstream.connections()).isEqualTo(2);
    }
}
