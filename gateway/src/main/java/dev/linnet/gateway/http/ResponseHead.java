package dev.linnet.gateway.http;

import dev.linnet.numbers.Method;
import java.nio.charset.StandardCharsets;

/** A response's head, as strictly scanned as a request's: a malformed one is a 502, never passed on. */
public final class ResponseHead extends Head {
    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);

    private final ConnectionOptions connection = new ConnectionOptions(this);
    private int status;
    private int statusStart;
    private int lineEnd;
    private boolean http11;
    private long contentLength;
    private int contentLengthLine;
    private int transferEncodingLine;
    private int upgradeLine;
    private boolean hasDate;

    /** How the body ends. */
    public enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    public ResponseHead(HeadLimits limits) {
        super(limits);
    }

    @Override
    public int scan(byte[] bytes, int end) {
        start(bytes);
        connection.reset();
        contentLength = -1;
        contentLengthLine = -1;
        transferEncodingLine = -1;
        upgradeLine = -1;
        hasDate = false;
        int lines = scanStatusLine(end);
        int headEnd = lines <= 0 ? lines : scanLines(lines, Math.min(end, limits.bytes()));
        if (headEnd == INCOMPLETE && end >= limits.bytes()) {
            return reject(Rejection.HEAD_TOO_LARGE);
        }
        if (headEnd <= 0) {
            return headEnd;
        }
        Rejection why = check();
        return why == Rejection.NONE ? headEnd : reject(why);
    }

    private int scanStatusLine(int end) {
        for (int i = 0; i < VERSION.length; i++) {
            if (i >= end) {
                return INCOMPLETE;
            }
            if (bytes[i] != VERSION[i]) {
                return reject(Rejection.VERSION);
            }
        }
        statusStart = VERSION.length + 2;
        if (end < statusStart + 4) {
            return INCOMPLETE;
        }
        http11 = bytes[VERSION.length] == '1';
        if ((!http11 && bytes[VERSION.length] != '0') || bytes[statusStart - 1] != ' ') {
            return reject(Rejection.VERSION);
        }
        return scanStatus(end);
    }

    private int scanStatus(int end) {
        status = 0;
        for (int i = statusStart; i < statusStart + 3; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return reject(Rejection.STATUS_LINE);
            }
            status = status * 10 + bytes[i] - '0';
        }
        byte behind = bytes[statusStart + 3];
        if (status < 100 || (behind != ' ' && behind != '\r')) {
            return reject(Rejection.STATUS_LINE);
        }
        int cr = Octets.control(bytes, statusStart + 3, end);
        if (cr + 1 >= end) {
            return INCOMPLETE;
        }
        if (bytes[cr] != '\r' || bytes[cr + 1] != '\n') {
            return reject(Rejection.STATUS_LINE);
        }
        lineEnd = cr + 2;
        return lineEnd;
    }

    @Override
    Rejection known(Field field, int line) {
        return switch (field) {
            case CONTENT_LENGTH -> contentLength(line);
            case TRANSFER_ENCODING -> transferEncoding(line);
            case CONNECTION -> {
                connection.read(line);
                yield dropped(line);
            }
            case UPGRADE -> {
                upgradeLine = line;
                yield dropped(line);
            }
            case KEEP_ALIVE, PROXY_CONNECTION, SERVER -> dropped(line);
            // Orders for nginx, which nobody obeys here: what a backend may say must not move requests elsewhere.
            case X_ACCEL_REDIRECT, X_ACCEL_BUFFERING, X_ACCEL_LIMIT_RATE, X_ACCEL_EXPIRES, X_ACCEL_CHARSET, X_PAD ->
                dropped(line);
            case DATE -> {
                hasDate = true;
                yield Rejection.NONE;
            }
            case OTHER, TE, HOST, PROXY, EXPECT, X_SCHEME, X_REAL_IP, X_REQUEST_ID, HTTP2_SETTINGS -> Rejection.NONE;
            case X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PORT, X_FORWARDED_PROTO -> Rejection.NONE;
            case X_FORWARDED_SCHEME, X_ORIGINAL_FORWARDED_FOR, X_ORIGINAL_FORWARDED_HOST -> Rejection.NONE;
            case FORWARDED, X_FORWARDED_PREFIX, X_CODE, BAGGAGE, X_LINNET_RELEASE -> Rejection.NONE;
            case SSL_CLIENT_CERT, SSL_CLIENT_VERIFY, SSL_CLIENT_ISSUER_DN, SSL_CLIENT_SUBJECT_DN -> Rejection.NONE;
        };
    }

    @Override
    void unusual(int line) {
        // a backend may name its headers as it likes
    }

    private Rejection dropped(int line) {
        drop(line);
        return Rejection.NONE;
    }

    private Rejection contentLength(int line) {
        boolean repeated = contentLengthLine >= 0;
        contentLength = number(line);
        contentLengthLine = line;
        return repeated || contentLength < 0 ? Rejection.CONTENT_LENGTH : Rejection.NONE;
    }

    private Rejection transferEncoding(int line) {
        boolean repeated = transferEncodingLine >= 0;
        transferEncodingLine = line;
        return repeated || !valueIs(CHUNKED, line) ? Rejection.TRANSFER_ENCODING : Rejection.NONE;
    }

    private Rejection check() {
        if (transferEncodingLine >= 0 && contentLengthLine >= 0) {
            return Rejection.BOTH_LENGTHS;
        }
        if (transferEncodingLine >= 0 && !http11) {
            return Rejection.TRANSFER_ENCODING;
        }
        return connection.dropNamed();
    }

    public int status() {
        return status;
    }

    /** Whether another head follows. */
    public boolean isInterim() {
        return status < 200 && status != 101;
    }

    /** How the body ends, which also depends on the request (RFC 9112 §6.3). */
    public Framing framing(Method method) {
        if (method == Method.HEAD || status < 200 || status == 204 || status == 304) {
            return Framing.NONE;
        }
        if (transferEncodingLine >= 0) {
            return Framing.CHUNKED;
        }
        return contentLength >= 0 ? Framing.LENGTH : Framing.UNTIL_CLOSE;
    }

    public long contentLength() {
        return contentLength;
    }

    /** Whether the connection can serve another request. */
    public boolean keepsAlive() {
        return !connection.close() && (http11 || connection.keepAlive());
    }

    boolean hasDate() {
        return hasDate;
    }

    int statusStart() {
        return statusStart;
    }

    /** Where the header lines begin. */
    int linesStart() {
        return lineEnd;
    }

    int upgradeLine() {
        return upgradeLine;
    }

    void dropFraming() {
        if (contentLengthLine >= 0) {
            drop(contentLengthLine);
        }
        if (transferEncodingLine >= 0) {
            drop(transferEncodingLine);
        }
    }
}
