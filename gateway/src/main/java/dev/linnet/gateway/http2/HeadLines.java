package dev.linnet.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;

/**
 * Reads a head as the exchange writes it for HTTP/1.1, into the fields of HTTP/2. It was scanned or written by us, so it is known to be
 * well-formed. One instance serves one event loop.
 */
abstract class HeadLines {
    private static final int FIRST_ROOM = 4096;

    protected final FieldList fields = new FieldList();
    protected final Interned interned;
    protected byte[] bytes = new byte[FIRST_ROOM];
    private long contentLength;
    private boolean chunked;

    HeadLines(Interned interned) {
        this.interned = interned;
    }

    /** Takes the head out of the buffer, and leaves what is behind it. */
    final void read(ByteBuf in) {
        int end = in.readableBytes();
        if (end > bytes.length) {
            bytes = new byte[Math.max(end, 2 * bytes.length)];
        }
        in.getBytes(in.readerIndex(), bytes, 0, end);
        fields.reset();
        contentLength = -1;
        chunked = false;
        int at = readFirstLine(endOfLine(0));
        while (bytes[at] != '\r') {
            at = line(at);
        }
        in.skipBytes(at + 2);
        readEnd();
    }

    /** Turns the first line into pseudo-fields. Answers where the next line begins, which it is told. */
    abstract int readFirstLine(int next);

    /** Once all lines are read. */
    abstract void readEnd();

    /** A line that is no field as it is. True if it was taken care of. */
    abstract boolean isSpecial(AsciiString name, int from, int to);

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
        } else if (!isSpecial(name, from, to)) {
            if (FieldCheck.is(name, "content-length")) {
                contentLength = number(from, to);
            }
            fields.put(name, interned.of(bytes, from, to));
        }
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
    final FieldList fields() {
        return fields;
    }

    /** Whether no other head follows. */
    abstract boolean isFinal();

    /** Whether no body follows, whatever was asked. */
    abstract boolean isBodyless();

    /** Negative if there is none. */
    final long contentLength() {
        return contentLength;
    }

    final boolean isChunked() {
        return chunked;
    }
}
