package dev.linnet.gateway.http2;

import static dev.linnet.gateway.http2.Bytes.ascii;

import io.netty.util.AsciiString;

/**
 * Turns a response's fields into the head that HTTP/1.1 would have, as strictly as {@link RequestFields}: a malformed one is an
 * endpoint's mistake and never passed on. One instance serves one event loop.
 */
final class ResponseFields {
    private static final byte[] VERSION = ascii("HTTP/1.1 ");
    private static final byte[] SPACE = ascii(" ");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] NO_BODY = ascii("content-length: 0\r\n");
    private static final String GRPC = "application/grpc";

    private final Bytes out = new Bytes();
    private boolean hasLength;
    private boolean grpc;

    /**
     * Writes a head.
     *
     * @param ended  whether no body follows
     * @param toHead whether HEAD was asked
     * @param limit  how many bytes it may have
     * @return its length, or 0 if it is malformed
     */
    int write(FieldList fields, boolean ended, boolean toHead, byte[] target, int limit) {
        hasLength = false;
        grpc = false;
        if (!isStatus(fields) || !areSound(fields)) {
            return 0;
        }
        AsciiString status = fields.value(0);
        out.into(target, limit).put(VERSION).put(status).put(SPACE).put(CRLF);
        boolean unannounced = grpc && !ended; // its trailers are what counts, and only chunks have a place for them
        for (int i = 1; i < fields.size(); i++) {
            AsciiString name = fields.name(i);
            if (!unannounced || !FieldCheck.is(name, "content-length")) {
                out.put(name).put(COLON).put(fields.value(i)).put(CRLF);
            }
        }
        if (mayHaveBody(status, toHead) && (unannounced || !hasLength)) {
            out.put(ended ? NO_BODY : CHUNKED);
        }
        out.put(CRLF);
        return out.isTooLong() ? 0 : out.length();
    }

    private static boolean isStatus(FieldList fields) {
        if (fields.size() == 0 || !FieldCheck.is(fields.name(0), ":status")) {
            return false;
        }
        AsciiString status = fields.value(0);
        boolean digits = status.length() == 3;
        for (int i = 0; digits && i < 3; i++) {
            digits = status.byteAt(i) >= '0' && status.byteAt(i) <= '9';
        }
        return digits && !FieldCheck.is(status, "101"); // HTTP/2 has no upgrade
    }

    private boolean areSound(FieldList fields) {
        for (int i = 1; i < fields.size(); i++) {
            AsciiString name = fields.name(i);
            AsciiString value = fields.value(i);
            if (!FieldCheck.isName(name) || !FieldCheck.isValue(value) || FieldCheck.isOfConnection(name)) {
                return false;
            }
            switch (name.length()) {
                case 12 -> grpc |= FieldCheck.is(name, "content-type") && value.startsWith(GRPC);
                case 14 -> hasLength |= FieldCheck.is(name, "content-length");
                default -> {}
            }
        }
        return true;
    }

    private static boolean mayHaveBody(AsciiString status, boolean toHead) {
        return !toHead && status.byteAt(0) != '1' && !FieldCheck.is(status, "204") && !FieldCheck.is(status, "304");
    }
}
