package dev.linnet.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.numbers.Method;
import dev.linnet.routing.policy.CallerOptions;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    private static final Caller CALLER = Caller.of(new byte[] {1, 2, 3, 4}, 80, "http");

    private final RequestHead head = new RequestHead(HeadLimits.DEFAULT);
    private final byte[] scratch = HeadLimits.DEFAULT.newArray();

    private int scan(byte[] bytes, int end) {
        System.arraycopy(bytes, 0, scratch, 0, end);
        return head.scan(scratch, end);
    }

    private int scan(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return scan(bytes, bytes.length);
    }

    private void accept(String text) {
        assertThat(scan(text)).as(() -> head.rejection() + " " + text).isEqualTo(text.length());
    }

    private static String get(String... lines) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + String.join("", lines) + "\r\n";
    }

    private String edited() {
        RequestEditor editor = new RequestEditor(HeadLimits.DEFAULT);
        editor.write(head, CALLER, RequestEdits.NONE, CallerOptions.DEFAULT, new SplittableRandom(1));
        return new String(editor.bytes(), 0, editor.length(), StandardCharsets.ISO_8859_1);
    }

    private String path() {
        return new String(scratch, head.pathStart(), head.pathEnd() - head.pathStart(), StandardCharsets.ISO_8859_1);
    }

    private String host() {
        return new String(scratch, head.hostStart(), head.hostEnd() - head.hostStart(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("dev.linnet.gateway.http.Corpus#requests")
    void refusesWhatCouldBeReadInTwoWays(Corpus.Entry entry) {
        assertThat(scan(entry.bytes(), entry.bytes().length)).isEqualTo(Head.REJECTED);
        assertThat(head.rejection()).isEqualTo(entry.why());
    }

    @ParameterizedTest
    @MethodSource("dev.linnet.gateway.http.Corpus#requests")
    void neverAcceptsAPartOfIt(Corpus.Entry entry) {
        byte[] bytes = entry.bytes();
        for (int end = 1; end < bytes.length; end++) {
            assertThat(scan(bytes, end)).as("first " + end + " bytes").isLessThanOrEqualTo(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \t b \t\r\nZ: c\td\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a:80/x HTTP/1.1\r\nHost: A:80\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a_b.c-d.\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0005\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: \tCHUNKED \r\n\r\n",
                "GET /?a=%zz&b=../..&c=\\ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00e4 HTTP/1.1\r\nHost: a\r\nX: \u00e4\u00ff\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX!#$%&'*+.^_`|~9: odd\r\n\r\n",
                "GET / HTTP/1.0\r\nExpect: anything\r\n\r\n",
                "M-SEARCH / HTTP/1.1\r\nHost: a\r\n\r\n",
            })
    void acceptsWhatIsLegalButOnlyWhole(String text) {
        accept(text);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int end = 0; end < bytes.length; end++) {
            assertThat(scan(bytes, end)).as("first " + end + " bytes").isEqualTo(Head.INCOMPLETE);
        }
    }

    @Test
    void leavesWhatFollowsAlone() {
        String text = get();

        assertThat(scan(text + "body\r\n\r\n")).isEqualTo(text.length());
    }

    @Test
    void survivesRandomBytes() {
        Random random = new Random(3);
        byte[] legal = get("Content-Length: 5\r\n", "Connection: x, y\r\n", "X-Y: z\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = legal.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = scan(bytes, bytes.length);
            if (length > 0) {
                String out = edited();
                assertThat(out).endsWith("\r\n\r\n");
                assertThat(out.indexOf("\r\n\r\n")).isEqualTo(out.length() - 4);
                assertThat(out.replace("\r\n", ""))
                        .doesNotContain("\r")
                        .doesNotContain("\n")
                        .doesNotContain("\0");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "A.b, A.b",
        "a:80, a",
        "a., a",
        "a.:80, a",
        "[::1]:80, [::1]",
        "[::1], [::1]",
        "127.0.0.1:8080, 127.0.0.1"
    })
    void findsTheHostWithoutPortAndLastDot(String value, String host) {
        accept("GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n");

        assertThat(host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "/, /, /",
        "/a/b?c, /a/b, /a/b?c",
        "/a//b/../c?d//e, /a/c, /a//b/../c?d//e",
        "/%61%2fb, /a/b, /%61%2fb",
        "/a\\..\\b, /b, /a\\..\\b",
        "http://a/x?y, /x, /x?y",
        "HTTP://a, /, /",
        "http://a?x, /, /?x",
        "http://a/%2e/x, /x, /%2e/x",
    })
    void routesByTheNormalPathButForwardsTheRawOne(String target, String path, String forwarded) {
        accept("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(path()).isEqualTo(path);
        assertThat(edited()).startsWith("GET " + forwarded + " HTTP/1.1\r\n");
    }

    @Test
    void knowsBodiesAndMethods() {
        accept("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n");
        assertThat(head.method()).isEqualTo(Method.POST);
        assertThat(head.contentLength()).isEqualTo(12);
        assertThat(head.hasBody()).isTrue();

        accept("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(head.isChunked()).isTrue();
        assertThat(head.contentLength()).isNegative();

        accept(get());
        assertThat(head.hasBody()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, GET",
        "HEAD, HEAD",
        "POST, POST",
        "PUT, PUT",
        "DELETE, DELETE",
        "PATCH, PATCH",
        "OPTIONS, OPTIONS",
        "PROPFIND, PROPFIND",
        "PROPPATCH, PROPPATCH",
        "MKCOL, MKCOL",
        "COPY, COPY",
        "MOVE, MOVE",
        "LOCK, LOCK",
        "UNLOCK, UNLOCK",
        "get, OTHER",
        "PURGE, OTHER",
        "BREW, OTHER",
        "X, OTHER"
    })
    void knowsMethodsByTheirExactName(String sent, Method method) {
        accept(sent + " / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(head.method()).isEqualTo(method);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, , true",
        "HTTP/1.1, keep-alive, true",
        "HTTP/1.1, close, false",
        "HTTP/1.1, 'Keep-Alive, CLOSE', false",
        "HTTP/1.0, , false",
        "HTTP/1.0, Keep-Alive, true",
        "HTTP/1.0, 'x, keep-alive', true",
    })
    void knowsWhetherTheConnectionIsKept(String version, String connection, boolean kept) {
        String line = connection == null ? "" : "Connection: " + connection + "\r\n";
        accept("GET / " + version + "\r\nHost: a\r\n" + line + "\r\n");

        assertThat(head.keepsAlive()).isEqualTo(kept);
    }

    @Test
    void dropsWhatIsForOneHopOnly() {
        accept(get(
                "A: 1\r\n",
                "Connection: keep-alive, x-hop\r\n",
                "X-Hop: 2\r\n",
                "B: 3\r\n",
                "Keep-Alive: 5\r\n",
                "TE: trailers\r\n",
                "Proxy: evil\r\n",
                "Proxy-Connection: x\r\n",
                "Upgrade: h2c\r\n",
                "HTTP2-Settings: x\r\n",
                "x-HOP: 4\r\n",
                "C: 6\r\n"));

        assertThat(edited()).startsWith("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 3\r\nC: 6\r\nX-Forwarded-Host: a\r\n");
    }

    @Test
    void replacesWhatAClientSaysOfItself() {
        accept(get(
                "X-Forwarded-For: 9.9.9.9\r\n",
                "X-Real-IP: 9\r\n",
                "X-Forwarded-Host: evil\r\n",
                "X-Forwarded-Port: 1\r\n",
                "X-Forwarded-Proto: https\r\n",
                "X-Forwarded-Scheme: https\r\n",
                "X-Scheme: https\r\n",
                "X-Original-Forwarded-For: x\r\n",
                "X-Forwarded-For: 8.8.8.8\r\n"));

        String text = edited();
        assertThat(text)
                .contains("X-Forwarded-Host: a\r\n", "X-Real-IP: 1.2.3.4\r\n", "X-Forwarded-For: 1.2.3.4\r\n")
                .contains("X-Forwarded-Port: 80\r\n", "X-Forwarded-Proto: http\r\n", "X-Scheme: http\r\n")
                .contains("X-Original-Forwarded-For: 9.9.9.9, 8.8.8.8\r\n", "X-Original-Forwarded-Host: evil\r\n");
        assertThat(text.split("X-Forwarded-Proto")).hasSize(2);
        assertThat(text).doesNotContain("https");
    }

    @Test
    void makesARequestIdWhereThereIsNone() {
        accept(get());
        assertThat(edited()).containsPattern("\r\nX-Request-ID: [0-9a-f]{32}\r\n");
        accept(get("X-Request-ID:\r\n"));
        assertThat(edited())
                .containsPattern("\r\nX-Request-ID: [0-9a-f]{32}\r\n")
                .doesNotContain("X-Request-ID:\r\n");
        accept(get("x-request-id: mine\r\n"));
        assertThat(edited()).contains("\r\nx-request-id: mine\r\n").doesNotContain("X-Request-ID");
        accept(get("Connection: x-request-id\r\n", "X-Request-ID: mine\r\n"));
        assertThat(edited())
                .containsPattern("\r\nX-Request-ID: [0-9a-f]{32}\r\n")
                .doesNotContain("mine");
    }

    @Test
    void dropsHeadersWithOddNamesAndHidesThemFromRouting() {
        accept(get("X_Canary: always\r\n", "X.Y: 1\r\n", "Content_Length: 7\r\n", "Z: 1\r\n"));

        assertThat(edited()).startsWith("GET / HTTP/1.1\r\nHost: a\r\nZ: 1\r\nX-Forwarded-Host");
        assertThat(head.nameEnd(1) - head.nameStart(1)).isZero();
    }

    @Test
    void givesAnHttp10ClientsRequestAnEmptyHost() {
        accept("GET / HTTP/1.0\r\n\r\n");

        assertThat(edited()).startsWith("GET / HTTP/1.1\r\nHost: \r\nX-Real-IP").doesNotContain("X-Forwarded-Host");
    }

    @ParameterizedTest
    @CsvSource({
        "websocket, Upgrade, true",
        "websocket, 'keep-alive, Upgrade', true",
        "websocket, keep-alive, false",
        "h2c, Upgrade, false",
        "'websocket, h2c', Upgrade, false",
        "HTTP/2.0, Upgrade, false",
        "TLS/1.0, Upgrade, true",
        "'', Upgrade, false",
    })
    void passesOnUpgradesButNotToHttp2(String protocol, String connection, boolean wanted) {
        accept(get("Upgrade: " + protocol + "\r\n", "Connection: " + connection + "\r\n"));

        assertThat(head.wantsUpgrade()).isEqualTo(wanted);
        if (wanted) {
            assertThat(edited()).contains("Connection: upgrade\r\nUpgrade: " + protocol + "\r\n");
        } else {
            assertThat(edited()).doesNotContain("Upgrade", "upgrade");
        }
    }

    @Test
    void takesExpectationsOutAndRemembersThem() {
        accept("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n");

        assertThat(head.expectsContinue()).isTrue();
        assertThat(edited()).doesNotContain("Expect");
    }

    @Test
    void limitsHeads() {
        assertThat(scan("GET /" + "a".repeat(8192) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(Head.REJECTED);
        assertThat(head.rejection()).isEqualTo(Rejection.TARGET_TOO_LONG);
        assertThat(scan(get("X: 1\r\n".repeat(128)))).isEqualTo(Head.REJECTED);
        assertThat(head.rejection()).isEqualTo(Rejection.TOO_MANY_HEADERS);
        accept(get("X: 1\r\n".repeat(127)));
        String large = get("X: " + "a".repeat(32 * 1024) + "\r\n").substring(0, 32 * 1024);
        assertThat(scan(large)).isEqualTo(Head.REJECTED);
        assertThat(head.rejection()).isEqualTo(Rejection.HEAD_TOO_LARGE);
        accept("GET /" + "a".repeat(8191) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void findsControlCharactersLikeASlowLoopWould() {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                if (random.nextInt(20) > 0) {
                    bytes[i] = (byte) (random.nextBoolean() ? random.nextInt(0x20, 0x7f) : random.nextInt(0x80, 0x100));
                }
            }
            int expected = 0;
            while (expected < bytes.length && !Octets.isControl(bytes[expected])) {
                expected++;
            }
            assertThat(Octets.control(bytes, 0, bytes.length)).isEqualTo(expected);
        }
    }
}
