package dev.linnet.gateway.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects a head. One instance serves one event loop; its array is large enough for any head within the limits, and grows for what edits add. */
abstract class HeadWriter {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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
        putEightDigits((int) (value >>> 32));
        putEightDigits((int) value);
    }

    /** All eight at once: each of the long's bytes holds one digit, the first one in the highest byte. */
    private void putEightDigits(int value) {
        long nibbles = value & 0xffffffffL;
        nibbles = (nibbles | nibbles << 16) & 0x0000ffff0000ffffL;
        nibbles = (nibbles | nibbles << 8) & 0x00ff00ff00ff00ffL;
        nibbles = (nibbles | nibbles << 4) & 0x0f0f0f0f0f0f0f0fL;
        long letters = ((nibbles + 0x0606060606060606L) >>> 4) & 0x0101010101010101L; // 1 where a digit is above 9
        LONGS.set(out, at, nibbles + 0x3030303030303030L + letters * ('a' - '0' - 10));
        at += Long.BYTES;
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
