package dev.linnet.gateway.smuggling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Requests that are good, nearly good, or meant to be read in two ways. The same seed gives the same requests. */
final class Mutations {
    private static final List<String> SEEDS = List.of(
            "GET /a/b?c=d HTTP/1.1\r\nHost: a.example.com\r\nAccept: */*\r\n\r\n",
            "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
            "HEAD /x%20y HTTP/1.1\r\nHost: a:8080\r\nCookie: a=b; c=d\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://a/b HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
            "PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nX-Request-ID: 1\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 27\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Drop\r\nX-Drop: z\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n");

    private static final List<String> LINES = List.of(
            "Content-Length: 5\r\n",
            "Content-Length: 0\r\n",
            "Content-Length: +5\r\n",
            "content-length:5\r\n",
            "Content-Length: 5, 5\r\n",
            "Content-Length : 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: Chunked\r\n",
            "transfer-encoding:\tchunked\r\n",
            "Transfer-Encoding: identity, chunked\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Transfer-Encoding:\r\n chunked\r\n",
            "Transfer_Encoding: chunked\r\n",
            "Host: b\r\n",
            "Connection: Content-Length\r\n",
            "Connection: X, Y\r\n",
            "Upgrade: h2c\r\nConnection: upgrade\r\n",
            "X: a\nTransfer-Encoding: chunked\r\n",
            "X: a\rContent-Length: 5\r\n",
            "\r\n",
            "X\r\n");

    private static final byte[] BYTES = "\r\n\t :;,=%#?/\\.-_+\"'@\0\u000b\u007f\u0080\u0085\u00a0\u00ff0159aFxX"
            .getBytes(StandardCharsets.ISO_8859_1);

    private final RandomGenerator random;

    Mutations(RandomGenerator random) {
        this.random = random;
    }

    /** One or two requests, mutated up to three times. */
    byte[] next() {
        byte[] bytes = seed();
        if (random.nextInt(4) == 0) {
            bytes = insert(bytes, bytes.length, seed());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes = mutated(bytes);
        }
        return bytes;
    }

    private byte[] seed() {
        return text(SEEDS.get(random.nextInt(SEEDS.size())));
    }

    private byte[] mutated(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        return switch (random.nextInt(7)) {
            case 0 -> insert(bytes, at, new byte[] {BYTES[random.nextInt(BYTES.length)]});
            case 1 -> replace(bytes, Math.min(at, bytes.length - 1));
            case 2 -> delete(bytes, at, 1);
            case 3 -> delete(bytes, at, random.nextInt(12));
            case 4, 5 -> insertLine(bytes, text(LINES.get(random.nextInt(LINES.size()))));
            default -> repeatLine(bytes);
        };
    }

    private byte[] replace(byte[] bytes, int at) {
        byte[] replaced = bytes.clone();
        replaced[at] = BYTES[random.nextInt(BYTES.length)];
        return replaced;
    }

    private byte[] insertLine(byte[] bytes, byte[] line) {
        List<Integer> begins = lineBegins(bytes);
        return begins.isEmpty() ? bytes : insert(bytes, begins.get(random.nextInt(begins.size())), line);
    }

    private byte[] repeatLine(byte[] bytes) {
        List<Integer> begins = lineBegins(bytes);
        if (begins.size() < 2) {
            return bytes;
        }
        int line = random.nextInt(begins.size() - 1);
        byte[] copy = Arrays.copyOfRange(bytes, begins.get(line), begins.get(line + 1));
        return insert(bytes, begins.get(random.nextInt(begins.size())), copy);
    }

    private static List<Integer> lineBegins(byte[] bytes) {
        List<Integer> begins = new ArrayList<>();
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == '\n') {
                begins.add(i + 1);
            }
        }
        return begins;
    }

    private static byte[] insert(byte[] bytes, int at, byte[] more) {
        byte[] whole = new byte[bytes.length + more.length];
        System.arraycopy(bytes, 0, whole, 0, at);
        System.arraycopy(more, 0, whole, at, more.length);
        System.arraycopy(bytes, at, whole, at + more.length, bytes.length - at);
        return whole;
    }

    private static byte[] delete(byte[] bytes, int at, int length) {
        int end = Math.min(bytes.length, at + length);
        byte[] rest = new byte[bytes.length - (end - at)];
        System.arraycopy(bytes, 0, rest, 0, at);
        System.arraycopy(bytes, end, rest, at, bytes.length - end);
        return rest.length == 0 ? bytes : rest;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
