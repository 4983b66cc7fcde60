package dev.linnet.gateway.http2;

import static dev.linnet.gateway.http2.Bytes.ascii;

import dev.linnet.gateway.http.Rejection;
import io.netty.util.AsciiString;

/**
 * Turns a request's fields into the head that HTTP/1.1 would have, strictly (RFC 9113 §8.2, §8.3): nothing gets through that could be
 * read as more than one line. What both versions demand is left to the scanner of that head. One instance serves one event loop.
 */
final class RequestFields {
    private static final byte[] SPACE = ascii(" ");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] VERSION_AND_HOST = ascii(" HTTP/1.1\r\nhost: ");
    private static final byte[] COOKIE = ascii("cookie: ");
    private static final byte[] SEMICOLON = ascii("; ");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");

    private final Bytes out = new Bytes();
    private AsciiString method = AsciiString.EMPTY_STRING;
    private AsciiString scheme = AsciiString.EMPTY_STRING;
    private AsciiString authority = AsciiString.EMPTY_STRING;
    private AsciiString path = AsciiString.EMPTY_STRING;
    private AsciiString host = AsciiString.EMPTY_STRING;
    private boolean hasLength;
    private int cookies;

    /**
     * Writes a head.
     *
     * @param ended whether no body follows
     * @param limit how many bytes it may have
     * @return {@link Rejection#NONE}, or why not
     */
    Rejection write(FieldList fields, boolean ended, byte[] target, int limit) {
        reset();
        int first = 0;
        while (first < fields.size() && isPseudo(fields.name(first))) {
            if (!pseudo(fields.name(first), fields.value(first))) {
                return Rejection.PSEUDO_FIELD;
            }
            first++;
        }
        Rejection why = look(fields, first);
        if (why == Rejection.NONE) {
            why = requestLine();
        }
        if (why != Rejection.NONE) {
            return why;
        }
        write(fields, first, ended, target, limit);
        return out.isTooLong() ? Rejection.HEAD_TOO_LARGE : Rejection.NONE;
    }

    private void reset() {
        method = AsciiString.EMPTY_STRING;
        scheme = AsciiString.EMPTY_STRING;
        authority = AsciiString.EMPTY_STRING;
        path = AsciiString.EMPTY_STRING;
        host = AsciiString.EMPTY_STRING;
        hasLength = false;
        cookies = 0;
    }

    private static boolean isPseudo(AsciiString name) {
        return !name.isEmpty() && name.byteAt(0) == ':';
    }

    /** Each of the four once. {@code :protocol} (RFC 8441) was not offered, so it is not one of them. */
    private boolean pseudo(AsciiString name, AsciiString value) {
        if (!FieldCheck.isWord(value)) {
            return false;
        }
        switch (name.length()) {
            case 5 -> {
                if (!FieldCheck.is(name, ":path") || !path.isEmpty()) {
                    return false;
                }
                path = value;
            }
            case 7 -> {
                if (FieldCheck.is(name, ":method") && method.isEmpty()) {
                    method = value;
                } else if (FieldCheck.is(name, ":scheme") && scheme.isEmpty()) {
                    scheme = value;
                } else {
                    return false;
                }
            }
            case 10 -> {
                if (!FieldCheck.is(name, ":authority") || !authority.isEmpty()) {
                    return false;
                }
                authority = value;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private Rejection look(FieldList fields, int first) {
        for (int i = first; i < fields.size(); i++) {
            AsciiString name = fields.name(i);
            AsciiString value = fields.value(i);
            if (!FieldCheck.isName(name)) {
                return isPseudo(name) ? Rejection.PSEUDO_FIELD : Rejection.NAME;
            }
            if (!FieldCheck.isValue(value)) {
                return Rejection.CONTROL;
            }
            if (FieldCheck.isOfConnection(name)) {
                return Rejection.FIELD;
            }
            switch (name.length()) {
                case 2 -> {
                    if (FieldCheck.is(name, "te") && !value.contentEqualsIgnoreCase("trailers")) {
                        return Rejection.FIELD;
                    }
                }
                case 4 -> {
                    if (FieldCheck.is(name, "host")) {
                        if (!host.isEmpty() || value.isEmpty()) {
                            return Rejection.HOST;
                        }
                        host = value;
                    }
                }
                case 6 -> cookies += FieldCheck.is(name, "cookie") ? 1 : 0;
                case 14 -> hasLength |= FieldCheck.is(name, "content-length");
                default -> {}
            }
        }
        return Rejection.NONE;
    }

    private Rejection requestLine() {
        if (FieldCheck.is(method, "CONNECT")) {
            return Rejection.METHOD_NOT_ALLOWED;
        }
        boolean knownScheme = scheme.contentEqualsIgnoreCase("http") || scheme.contentEqualsIgnoreCase("https");
        if (method.isEmpty() || path.isEmpty() || !knownScheme) {
            return Rejection.PSEUDO_FIELD;
        }
        boolean plain = path.byteAt(0) == '/' || (FieldCheck.is(path, "*") && FieldCheck.is(method, "OPTIONS"));
        if (!plain) {
            return Rejection.PSEUDO_FIELD;
        }
        if (authority.isEmpty()) {
            authority = host;
        }
        boolean sameHost = host.isEmpty() || authority.contentEqualsIgnoreCase(host);
        return authority.isEmpty() ? Rejection.HOST : sameHost ? Rejection.NONE : Rejection.HOST_MISMATCH;
    }

    private void write(FieldList fields, int first, boolean ended, byte[] target, int limit) {
        out.into(target, limit)
                .put(method)
                .put(SPACE)
                .put(path)
                .put(VERSION_AND_HOST)
                .put(authority)
                .put(CRLF);
        for (int i = first; i < fields.size(); i++) {
            AsciiString name = fields.name(i);
            boolean apart = FieldCheck.is(name, "host") || FieldCheck.is(name, "cookie");
            if (!apart) {
                out.put(name).put(COLON).put(fields.value(i)).put(CRLF);
            }
        }
        if (cookies > 0) {
            joinCookies(fields, first);
        }
        if (!ended && !hasLength) {
            out.put(CHUNKED);
        }
        out.put(CRLF);
    }

    /** Clients may send each cookie on its own, for compression; HTTP/1.1 has them on one line (RFC 9113 §8.2.3). */
    private void joinCookies(FieldList fields, int first) {
        byte[] before = COOKIE;
        for (int i = first; i < fields.size(); i++) {
            if (FieldCheck.is(fields.name(i), "cookie")) {
                out.put(before).put(fields.value(i));
                before = SEMICOLON;
            }
        }
        out.put(CRLF);
    }

    /** Of the head that was written last. */
    int length() {
        return out.length();
    }
}
