package dev.linnet.loadtester.task;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The last {@value #LIMIT} bytes of a stream: commands may print for an hour. */
final class Tail {
    private static final int LIMIT = 64 << 10;

    private final byte[] ring = new byte[LIMIT];
    private long written;

    /** Reads to the end of the stream. */
    void drain(InputStream in) throws IOException {
        byte[] chunk = new byte[8 << 10];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            add(chunk, n);
        }
    }

    private synchronized void add(byte[] chunk, int length) {
        for (int i = 0; i < length; i++) {
            ring[(int) (written++ % LIMIT)] = chunk[i];
        }
    }

    synchronized String text() {
        int length = (int) Math.min(written, LIMIT);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = ring[(int) ((written - length + i) % LIMIT)];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
