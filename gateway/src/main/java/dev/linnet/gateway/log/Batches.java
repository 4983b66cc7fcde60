package dev.linnet.gateway.log;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lines on their way from one event loop to the writer: a ring of arrays. The loop fills one after the other, the writer empties them in
 * the same order; two counters that only grow say whose turn it is, so nobody waits for anybody.
 */
final class Batches {
    static final int SIZE = 64 * 1024;
    private static final int COUNT = 8;

    private final byte[][] arrays = new byte[COUNT][];
    private final int[] lengths = new int[COUNT];
    private final AtomicLong filled = new AtomicLong();
    private final AtomicLong emptied = new AtomicLong();
    private int length;

    /** By the loop: whether a line fits into the batch that is being filled. */
    boolean hasRoom(int size) {
        return length + size <= SIZE;
    }

    /** By the loop: false if there is no room, because the writer is so far behind. */
    boolean add(byte[] line, int size) {
        if (isFull() || !hasRoom(size)) {
            return false;
        }
        int current = index(filled.getPlain());
        if (arrays[current] == null) {
            arrays[current] = new byte[SIZE];
        }
        System.arraycopy(line, 0, arrays[current], length, size);
        length += size;
        return true;
    }

    private boolean isFull() {
        return filled.getPlain() - emptied.getAcquire() >= COUNT;
    }

    /** By the loop: hands over what was added. */
    boolean publish() {
        if (length == 0) {
            return false;
        }
        lengths[index(filled.getPlain())] = length;
        length = 0;
        filled.setRelease(filled.getPlain() + 1);
        return true;
    }

    /** By the writer: passes on what was handed over. */
    boolean drainTo(OutputStream sink) throws IOException {
        long next = emptied.getPlain();
        if (next == filled.getAcquire()) {
            return false;
        }
        try {
            sink.write(arrays[index(next)], 0, lengths[index(next)]);
        } finally {
            emptied.setRelease(next + 1);
        }
        return true;
    }

    private static int index(long count) {
        return (int) (count % COUNT);
    }
}
