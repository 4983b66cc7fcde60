package dev.linnet.gateway.http2;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** Collects text in an array that does not grow. Once something has not fitted in, it is {@link #isTooLong} and stays so. */
final class Bytes {
    private byte[] array = {};
    private int limit;
    private int length;
    private boolean tooLong;

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    Bytes into(byte[] target, int atMost) {
        array = target;
        limit = atMost;
        length = 0;
        tooLong = false;
        return this;
    }

    Bytes put(byte[] bytes) {
        return put(bytes, 0, bytes.length);
    }

    Bytes put(AsciiString text) {
        return put(text.array(), text.arrayOffset(), text.length());
    }

    private Bytes put(byte[] bytes, int start, int count) {
        if (tooLong || count > limit - length) {
            tooLong = true;
        } else {
            System.arraycopy(bytes, start, array, length, count);
            length += count;
        }
        return this;
    }

    int length() {
        return length;
    }

    boolean isTooLong() {
        return tooLong;
    }
}
