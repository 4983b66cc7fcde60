package dev.linnet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fields that a head of HTTP/1.1 must never be made of (RFC 9113 §8.2, §8.3). */
class Http2RefusalTest {
    private static final String[] GET = {
        ":method", "GET", ":scheme", "http", ":authority", "app.example.com", ":path", "/"
    };

    static Stream<Arguments> malformed() {
        return Stream.of(
                with("capital in a name", "X-Cased", "1"),
                with("no token in a name", "a b", "1"),
                with("line end in a name", "a\r\nb", "1"),
                with("empty name", "", "1"),
                with("line end in a value", "a", "1\r\nx-smuggled: 1"),
                with("line feed in a value", "a", "1\nx-smuggled: 1"),
                with("NUL in a value", "a", "1\0"),
                with("blank before a value", "a", " 1"),
                with("blank behind a value", "a", "1\t"),
                with("connection", "connection", "close"),
                with("keep-alive", "keep-alive", "1"),
                with("proxy-connection", "proxy-connection", "close"),
                with("transfer-encoding", "transfer-encoding", "chunked"),
                with("upgrade", "upgrade", "h2c"),
                with("TE other than trailers", "te", "gzip"),
                with("pseudo-field behind fields", "a", "1", ":path", "/b"),
                with("pseudo-field twice", ":path", "/b"),
                with("pseudo-field of responses", ":status", "200"),
                with("pseudo-field that was not offered", ":protocol", "websocket"),
                with("host that differs", "host", "other.example.com"),
                with("two hosts", "host", "app.example.com", "host", "app.example.com"),
                with("length that is none", "content-length", "+1"),
                with("two lengths", "content-length", "0", "content-length", "0"),
                with("length without a body", "content-length", "5"),
                only("no method", ":scheme", "http", ":authority", "a", ":path", "/"),
                only("no scheme", ":method", "GET", ":authority", "a", ":path", "/"),
                only("no path", ":method", "GET", ":scheme", "http", ":authority", "a"),
                only("no authority", ":method", "GET", ":scheme", "http", ":path", "/"),
                only("other scheme", ":method", "GET", ":scheme", "ftp", ":authority", "a", ":path", "/"),
                only("empty path", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", ""),
                only(
                        "path that is a URL",
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":authority",
                        "a",
                        ":path",
                        "http://b/"),
                only("relative path", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "b"),
                only("star for GET", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "*"),
                only(
                        "blank in the path",
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":authority",
                        "a",
                        ":path",
                        "/ HTTP/1.1"),
                only("line in the path", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/\r\nx: y"),
                only("path above the root", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/../b"),
                only("fragment", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/a#b"),
                only("line in the method", ":method", "GET /x\r\n", ":scheme", "http", ":authority", "a", ":path", "/"),
                only("user in the authority", ":method", "GET", ":scheme", "http", ":authority", "u@a", ":path", "/"),
                only(
                        "line in the authority",
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":authority",
                        "a\r\nb",
                        ":path",
                        "/"));
    }

    private static Arguments with(String what, String... fields) {
        String[] all = Stream.concat(Arrays.stream(GET), Arrays.stream(fields)).toArray(String[]::new);
        return Arguments.of(what, all);
    }

    private static Arguments only(String what, String... fields) {
        return Arguments.of(what, fields);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String what, String[] fields) {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.saying("");
            world.everythingTo(upstream);
            Frames client = Frames.over(world.client());

            Frames.Answer answer = client.fields(1, true, fields).answer(1);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(client.get(3, "/").answer(3).status())
                    .as("the connection goes on")
                    .isEqualTo(200);
            assertThat(upstream.nextHead()).startsWith("GET / HTTP/1.1\r\nhost: app.example.com\r\n");
            assertThat(world.failures("bad_request")).isOne();
        }
    }

    @Test
    void connectIsNotServed() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.saying(""));

            Frames client = Frames.over(world.client());

            assertThat(client.fields(1, true, ":method", "CONNECT", ":authority", "a:1")
                            .answer(1)
                            .status())
                    .isEqualTo(405);
        }
    }

    @Test
    void moreDataThanAnnouncedResetsTheStream() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.with().readToEnd();
            }));
            Frames client = Frames.over(world.client());

            client.request(1, "POST", "/", false, "content-length", "3").data(1, "abcdef", false);

            assertThat(client.decode(client.next(Frames.HEADERS)).get(":status"))
                    .containsExactly("400");
            assertThat(client.next(Frames.RST_STREAM).error()).isEqualTo(Http2Error.PROTOCOL_ERROR);
        }
    }

    @Test
    void lessDataThanAnnouncedIsRefused() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.with().readToEnd();
            }));
            Frames client = Frames.over(world.client());

            client.request(1, "POST", "/", false, "content-length", "6").data(1, "abc", true);

            assertThat(client.answer(1).status()).isEqualTo(400);
        }
    }

    @Test
    void trailersThatFrameOrRouteAreRefused() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.playing((turn, _) -> {
                turn.hear();
                turn.with().readToEnd();
            }));
            Frames client = Frames.over(world.client());

            client.request(1, "POST", "/", false).data(1, "abc", false).fields(1, true, "content-length", "3");
            assertThat(client.answer(1).status()).isEqualTo(400);
            client.request(3, "POST", "/", false).data(3, "abc", false).fields(3, true, ":path", "/");
            assertThat(client.answer(3).status()).isEqualTo(400);
        }
    }

    @Test
    void tooManyFieldsAreRefusedWith431() {
        try (World world = new World()) {
            world.everythingTo(ScriptedUpstream.saying("hello"));
            Frames client = Frames.over(world.client());
            String[] fields = new String[400];
            Arrays.fill(fields, "a");

            assertThat(client.get(1, "/", fields).answer(1).status()).isEqualTo(431);
            Frames.Answer unread = client.get(3, "/", "a", "x".repeat(33_000)).answer(3);
            assertThat(unread.status()).as("more than was said to be taken").isEqualTo(431);
            assertThat(unread.last())
                    .as("there is no body: perhaps it was HEAD")
                    .doesNotContainKey("content-length");
            assertThat(unread.body).isEmpty();
            assertThat(client.get(5, "/").answer(5).body).hasToString("hello");
        }
    }

    @Test
    void upgradeToHttp2IsNeverDone() {
        try (World world = new World()) {
            ScriptedUpstream upstream = ScriptedUpstream.saying("plain");
            world.everythingTo(upstream);

            Conversation.Response response = world.get(
                    "/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__");

            assertThat(response.status()).isEqualTo(200);
            assertThat(upstream.nextHead())
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContain("h2c");
        }
    }
}
