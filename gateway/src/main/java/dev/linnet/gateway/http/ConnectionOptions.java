package dev.linnet.gateway.http;

import java.nio.charset.StandardCharsets;

/** What the {@code Connection} lines of a head say (RFC 9110 §7.6.1). */
final class ConnectionOptions {
    private static final byte[] CLOSE = "close".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPGRADE = "upgrade".getBytes(StandardCharsets.US_ASCII);

    private final Head head;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private boolean others;

    ConnectionOptions(Head head) {
        this.head = head;
    }

    void reset() {
        close = false;
        keepAlive = false;
        upgrade = false;
        others = false;
    }

    boolean close() {
        return close;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    boolean upgrade() {
        return upgrade;
    }

    /** Reads one line. */
    void read(int line) {
        byte[] bytes = head.bytes();
        int end = head.valueEnd(line);
        for (int at = head.valueStart(line); at < end; ) {
            int start = skip(bytes, at, end);
            int stop = endOfToken(bytes, start, end);
            option(bytes, start, stop);
            at = stop == start ? stop + 1 : stop;
        }
    }

    private void option(byte[] bytes, int start, int end) {
        if (Octets.is(CLOSE, bytes, start, end)) {
            close = true;
        } else if (Octets.is(KEEP_ALIVE, bytes, start, end)) {
            keepAlive = true;
        } else if (Octets.is(UPGRADE, bytes, start, end)) {
            upgrade = true;
        } else if (start < end) {
            others = true;
        }
    }

    /** Drops the headers that are named, which are for this hop only. Once all lines are scanned. */
    Rejection dropNamed() {
        if (!others) {
            return Rejection.NONE;
        }
        byte[] bytes = head.bytes();
        for (int line = 0; line < head.headerCount(); line++) {
            if (Field.of(bytes, head.nameStart(line), head.nameEnd(line)) == Field.CONNECTION) {
                Rejection why = dropNamedIn(bytes, head.valueStart(line), head.valueEnd(line));
                if (why != Rejection.NONE) {
                    return why;
                }
            }
        }
        return Rejection.NONE;
    }

    private Rejection dropNamedIn(byte[] bytes, int from, int end) {
        for (int at = from; at < end; ) {
            int start = skip(bytes, at, end);
            int stop = endOfToken(bytes, start, end);
            if (stop > start) {
                Rejection why = head.dropNamed(start, stop);
                if (why != Rejection.NONE) {
                    return why;
                }
            }
            at = stop == start ? stop + 1 : stop;
        }
        return Rejection.NONE;
    }

    private static int skip(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && (Octets.isBlank(bytes[at]) || bytes[at] == ',')) {
            at++;
        }
        return at;
    }

    private static int endOfToken(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && Octets.token(bytes[at]) != 0) {
            at++;
        }
        return at;
    }
}
