package dev.linnet.gateway.http2;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Short texts that come again and again, as one object each. What falls on another's place replaces it. */
final class Interned {
    private static final int PLACES = 1024;
    private static final int LONGEST = 64;

    private final @Nullable AsciiString[] known = new AsciiString[PLACES];

    AsciiString of(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length == 0) {
            return AsciiString.EMPTY_STRING;
        }
        if (length > LONGEST) {
            return new AsciiString(bytes, start, length, true);
        }
        int hash = length;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = (hash ^ (hash >>> 15)) & (PLACES - 1);
        AsciiString there = known[place];
        if (there != null && isSame(there, bytes, start, length)) {
            return there;
        }
        AsciiString fresh = new AsciiString(bytes, start, length, true);
        known[place] = fresh;
        return fresh;
    }

    private static boolean isSame(AsciiString text, byte[] bytes, int start, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.byteAt(i) != bytes[start + i]) {
                return false;
            }
        }
        return true;
    }
}
