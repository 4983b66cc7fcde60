package dev.linnet.gateway.http2;

import io.netty.util.AsciiString;

/** A response's head. */
final class ResponseLines extends HeadLines {
    private static final AsciiString STATUS = AsciiString.cached(":status");
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private int status;

    ResponseLines(Interned interned) {
        super(interned);
    }

    @Override
    int readFirstLine(int next) {
        status = (bytes[STATUS_AT] - '0') * 100 + (bytes[STATUS_AT + 1] - '0') * 10 + bytes[STATUS_AT + 2] - '0';
        fields.put(STATUS, interned.of(bytes, STATUS_AT, STATUS_AT + 3));
        return next;
    }

    @Override
    boolean isSpecial(AsciiString name, int from, int to) {
        return false;
    }

    @Override
    void readEnd() {
        // nothing is missing
    }

    @Override
    boolean isFinal() {
        return status >= 200;
    }

    @Override
    boolean isBodyless() {
        return status == 204 || status == 304 || contentLength() == 0;
    }
}
