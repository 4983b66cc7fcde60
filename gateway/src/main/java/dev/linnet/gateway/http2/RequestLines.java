package dev.linnet.gateway.http2;

import io.netty.util.AsciiString;

/** A request's head, on its way to an endpoint. */
final class RequestLines extends HeadLines {
    private static final AsciiString METHOD = AsciiString.cached(":method");
    private static final AsciiString SCHEME = AsciiString.cached(":scheme");
    private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
    private static final AsciiString PATH = AsciiString.cached(":path");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final int VERSION = " HTTP/1.1\r\n".length();

    private final FieldList others = new FieldList();
    private AsciiString method = AsciiString.EMPTY_STRING;
    private AsciiString path = AsciiString.EMPTY_STRING;
    private AsciiString authority = AsciiString.EMPTY_STRING;
    private AsciiString scheme = AsciiString.EMPTY_STRING;

    RequestLines(Interned interned) {
        super(interned);
    }

    /** To be called before the head is read. */
    RequestLines over(AsciiString usedScheme) {
        scheme = usedScheme;
        return this;
    }

    @Override
    int readFirstLine(int next) {
        int space = 0;
        while (bytes[space] != ' ') {
            space++;
        }
        method = interned.of(bytes, 0, space);
        path = interned.of(bytes, space + 1, next - VERSION);
        authority = AsciiString.EMPTY_STRING;
        return next;
    }

    @Override
    boolean isSpecial(AsciiString name, int from, int to) {
        if (FieldCheck.is(name, "host")) {
            authority = interned.of(bytes, from, to);
            return true;
        }
        return false;
    }

    /** Pseudo-fields come first. {@code TE} is what gRPC wants to see before it sends trailers. */
    @Override
    void readEnd() {
        others.copy(fields);
        fields.reset();
        fields.put(METHOD, method);
        fields.put(SCHEME, scheme);
        if (!authority.isEmpty()) {
            fields.put(AUTHORITY, authority);
        }
        fields.put(PATH, path);
        fields.append(others);
        fields.put(TE, TRAILERS);
    }

    @Override
    boolean isFinal() {
        return true;
    }

    @Override
    boolean isBodyless() {
        return !isChunked() && contentLength() <= 0;
    }
}
