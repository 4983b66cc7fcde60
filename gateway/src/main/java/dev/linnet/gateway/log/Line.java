package dev.linnet.gateway.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The line that is being written. One instance serves one event loop. */
final class Line {
    /** Beyond this, values of clients are cut: so that nobody gets out of the log by asking for too much. */
    static final int FULL = 48 * 1024;

    private static final int BRIEF = 256;

    private static final byte[] UPPER = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOWER = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ESCAPE = 6;

    private final byte[] digits = new byte[20];
    private byte[] out = new byte[1024];
    private int at;
    private Escape escape = Escape.NGINX;

    void begin(Escape how) {
        at = 0;
        escape = how;
    }

    byte[] bytes() {
        return out;
    }

    int length() {
        return at;
    }

    private void room(int more) {
        if (out.length - at < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, at + more));
        }
    }

    void put(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, at, bytes.length);
        at += bytes.length;
    }

    void put(char c) {
        room(1);
        out[at++] = (byte) c;
    }

    void number(long value) {
        int from = digits.length;
        long rest = value;
        do {
            digits[--from] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        room(digits.length - from);
        System.arraycopy(digits, from, out, at, digits.length - from);
        at += digits.length - from;
    }

    /** Milliseconds as seconds: {@code 1.234}. */
    void seconds(long millis) {
        number(millis / 1000);
        room(4);
        int rest = (int) (millis % 1000);
        out[at++] = '.';
        out[at++] = (byte) ('0' + rest / 100);
        out[at++] = (byte) ('0' + rest / 10 % 10);
        out[at++] = (byte) ('0' + rest % 10);
    }

    /** 32 hexadecimal digits. */
    void hex(long high, long low) {
        room(32);
        hex(high);
        hex(low);
    }

    private void hex(long value) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            out[at++] = LOWER[(int) (value >>> shift) & 0xf];
        }
    }

    /** There is no such value. */
    void nothing() {
        if (escape == Escape.NGINX) {
            put('-');
        }
    }

    /** Text of ours, which needs no escape. */
    void text(String ascii) {
        room(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            out[at++] = (byte) ascii.charAt(i);
        }
    }

    /** Text that somebody else wrote; cut where the line is full. */
    void value(byte[] bytes, int start, int end) {
        escaped(bytes, start, end, FULL);
    }

    /** Text that somebody else wrote, of which the beginning is always there. */
    void brief(byte[] bytes, int start, int end) {
        escaped(bytes, start, Math.min(end, start + BRIEF), Integer.MAX_VALUE);
    }

    private void escaped(byte[] bytes, int start, int end, int full) {
        switch (escape) {
            case NGINX -> nginx(bytes, start, end, full);
            case JSON -> json(bytes, start, end, full);
        }
    }

    private void nginx(byte[] bytes, int start, int end, int full) {
        room(end - start);
        for (int i = start; i < end && at < full; i++) {
            byte b = bytes[i];
            if (b >= ' ' && b != 0x7f && b != '"' && b != '\\') {
                room(1);
                out[at++] = b;
            } else {
                room(LONGEST_ESCAPE);
                out[at++] = '\\';
                out[at++] = 'x';
                out[at++] = UPPER[b >> 4 & 0xf];
                out[at++] = UPPER[b & 0xf];
            }
        }
    }

    private void json(byte[] bytes, int start, int end, int full) {
        room(end - start);
        for (int i = start; i < end && at < full; i++) {
            byte b = bytes[i];
            room(LONGEST_ESCAPE);
            if (b == '"' || b == '\\') {
                out[at++] = '\\';
                out[at++] = b;
            } else if (b >= 0 && b < ' ') {
                out[at++] = '\\';
                out[at++] = 'u';
                out[at++] = '0';
                out[at++] = '0';
                out[at++] = UPPER[b >> 4 & 0xf];
                out[at++] = UPPER[b & 0xf];
            } else {
                out[at++] = b;
            }
        }
    }
}
