package dev.linnet.gateway.net;

import dev.linnet.gateway.http.Head;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** A head that came in pieces, until it is whole. Most never do: they are scanned where they arrive. */
final class PartialHead {
    private static final byte[] NOTHING = {};

    private final int limit;
    private byte[] bytes = NOTHING;
    private int length;
    private int searched;

    PartialHead(int limit) {
        this.limit = limit;
    }

    /** Whether nothing of the next head has come. */
    boolean isEmpty() {
        return length == 0;
    }

    /**
     * Scans what has come. Takes the head's bytes out of the buffer, or all of it if the head is not whole yet.
     *
     * @param scratch where the head is scanned
     * @return the head's length or one of {@link Head}'s answers
     */
    int scan(ByteBuf in, byte[] scratch, Head head) {
        int before = length;
        int end = before + Math.min(in.readableBytes(), limit - before);
        if (before > 0) {
            append(in, end);
            if (!isWorthScanning()) {
                in.skipBytes(end - before);
                return Head.INCOMPLETE;
            }
            System.arraycopy(bytes, 0, scratch, 0, end);
        } else {
            in.getBytes(in.readerIndex(), scratch, 0, end);
        }
        int headEnd = head.scan(scratch, end);
        if (headEnd > 0) {
            in.skipBytes(headEnd - before);
            clear();
        } else if (headEnd == Head.INCOMPLETE) {
            append(in, end);
            searched = length;
            in.skipBytes(end - before);
        } else if (before > 0) {
            in.skipBytes(end - before); // all that was looked at is kept here
        }
        return headEnd;
    }

    /** What was kept of a head that is to be read by somebody else. */
    ByteBuf take() {
        ByteBuf taken = Unpooled.wrappedBuffer(bytes, 0, length);
        clear();
        return taken;
    }

    private void append(ByteBuf in, int end) {
        if (length == end) {
            return;
        }
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(end, 2 * bytes.length)));
        }
        in.getBytes(in.readerIndex(), bytes, length, end - length);
        length = end;
    }

    /** An empty line has come, or as much as a head may have. Looks at each byte once. */
    private boolean isWorthScanning() {
        if (length >= limit) {
            return true;
        }
        for (int i = Math.max(1, searched); i < length; i++) {
            if (bytes[i] == '\n' && (bytes[i - 1] == '\n' || (i > 1 && bytes[i - 1] == '\r' && bytes[i - 2] == '\n'))) {
                return true;
            }
        }
        searched = length;
        return false;
    }

    private void clear() {
        bytes = NOTHING;
        length = 0;
        searched = 0;
    }
}
