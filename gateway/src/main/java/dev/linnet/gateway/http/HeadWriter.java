package dev.linnet.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects a head. One instance serves one event loop; its array is large enough for any head within the limits, and grows for what edits add. */
abstract class HeadWriter {
    private byte[] out;
    private int at;

    protected HeadWriter(int room) {
        this.out = new byte[room];
    }

    protected static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    protected final void begin() {
        at = 0;
    }

    protected final void put(byte[] bytes, int start, int end) {
        if (end - start > out.length - at) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, at + end - start));
        }
        System.arraycopy(bytes, start, out, at, end - start);
        at += end - start;
    }

    protected final void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    protected final void put(char c) {
        if (at == out.length) {
            out = Arrays.copyOf(out, out.length * 2);
        }
        out[at++] = (byte) c;
    }

    /** 16 hexadecimal digits. */
    protected final void putHex(long value) {
        if (out.length - at < 16) {
            out = Arrays.copyOf(out, out.length * 2);
        }
        for (int shift = 60; shift >= 0; shift -= 4) {
            int digit = (int) (value >>> shift) & 0xf;
            out[at++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
    }

    /** Copies the lines that are not dropped, as few and long runs as there are. */
    protected final void putLines(Head head, int linesStart) {
        byte[] bytes = head.bytes();
        int run = linesStart;
        int end = linesStart;
        for (int line = 0; line < head.headerCount(); line++) {
            if (head.isDropped(line)) {
                put(bytes, run, end);
                end = head.lineEnd(line);
                run = end;
            } else {
                end = head.lineEnd(line);
            }
        }
        put(bytes, run, end);
    }

    /** The head: valid until the next one is begun. */
    public final byte[] bytes() {
        return out;
    }

    public final int length() {
        return at;
    }
}
