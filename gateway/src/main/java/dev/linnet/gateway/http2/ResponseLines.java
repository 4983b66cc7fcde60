package dev.linnet.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;

/**
 * Reads a response's head as the exchange writes it for HTTP/1.1, into the fields of HTTP/2. It was scanned or written by us, so it is
 * known to be well-formed. One instance serves one event loop.
 */
final class ResponseLines {
    private static final AsciiString STATUS = AsciiString.cached(":status");
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int FIRST_ROOM = 4096;

    private final FieldList fields = new FieldList();
    private final Interned interned = new Interned();
    private byte[] bytes = new byte[FIRST_ROOM];
    private int status;
    private long contentLength;
    private boolean chunked;

    /** Takes the head out of the buffer, and leaves what is behind it. */
    void read(ByteBuf in) {
        int end = in.readableBytes();
        if (end > bytes.length) {
            bytes = new byte[Math.max(end, 2 * bytes.length)];
        }
        in.getBytes(in.readerIndex(), bytes, 0, end);
        fields.reset();
        contentLength = -1;
        chunked = false;
        status = (bytes[STATUS_AT] - '0') * 100 + (bytes[STATUS_AT + 1] - '0') * 10 + bytes[STATUS_AT + 2] - '0';
        fields.put(STATUS, interned.of(bytes, STATUS_AT, STATUS_AT + 3));
        int at = endOfLine(STATUS_AT);
        while (bytes[at] != '\r') {
            at = line(at);
        }
        in.skipBytes(at + 2);
    }

    /** Where the next line begins. */
    private int endOfLine(int from) {
        int at = from;
        while (bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private int line(int start) {
        int colon = start;
        while (bytes[colon] != ':') {
            byte b = bytes[colon];
            bytes[colon] = b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
            colon++;
        }
        int next = endOfLine(colon);
        int from = colon + 1;
        int to = next - 2;
        while (from < to && isBlank(bytes[from])) {
            from++;
        }
        while (to > from && isBlank(bytes[to - 1])) {
            to--;
        }
        AsciiString name = interned.of(bytes, start, colon);
        if (FieldCheck.isOfConnection(name)) {
            chunked |= name.length() == 17;
            return next;
        }
        if (FieldCheck.is(name, "content-length")) {
            contentLength = number(from, to);
        }
        fields.put(name, interned.of(bytes, from, to));
        return next;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private long number(int start, int end) {
        long number = 0;
        for (int i = start; i < end; i++) {
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    /** Without those that are about the connection. Good until the next head is read. */
    FieldList fields() {
        return fields;
    }

    int status() {
        return status;
    }

    /** Negative if there is none. */
    long contentLength() {
        return contentLength;
    }

    boolean isChunked() {
        return chunked;
    }
}
