package dev.linnet.gateway.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a client of HTTP/2 sends first, so that a server of HTTP/1.1 takes it for a malformed request (RFC 9113 §3.4). */
final class Http2Preface {
    /** As much as tells: our scanner rejects it at its last byte. */
    private static final byte[] START = "PRI * HTTP/2".getBytes(StandardCharsets.US_ASCII);

    private Http2Preface() {}

    static boolean begins(byte[] bytes) {
        return Arrays.equals(START, 0, START.length, bytes, 0, START.length);
    }
}
