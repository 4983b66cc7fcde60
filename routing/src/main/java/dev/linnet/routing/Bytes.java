package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Comparisons on ranges of bytes as HTTP makes them: ASCII, without regard to case. */
final class Bytes {
    private static final byte[] LOWER = new byte[256];
    private static final byte[] HEADER_NAME = new byte[256];

    static {
        for (int i = 0; i < 256; i++) {
            LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i);
            HEADER_NAME[i] = i == '_' ? (byte) '-' : LOWER[i];
        }
    }

    private Bytes() {}

    static byte lower(byte b) {
        return LOWER[b & 0xff];
    }

    static boolean equal(byte[] expected, byte[] bytes, int start, int end) {
        return Arrays.equals(expected, 0, expected.length, bytes, start, end);
    }

    /** Whether the range is this lower-case text. */
    static boolean equalIgnoringCase(byte[] lowerCase, byte[] bytes, int start, int end) {
        return lowerCase.length == end - start && startsIgnoringCase(lowerCase, bytes, start, end);
    }

    static boolean startsIgnoringCase(byte[] lowerCase, byte[] bytes, int start, int end) {
        if (lowerCase.length > end - start) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (LOWER[bytes[start + i] & 0xff] != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range is this header name, which {@link #headerName} made: {@code _} equals {@code -}. */
    static boolean isHeader(byte[] name, byte[] bytes, int start, int end) {
        if (name.length != end - start) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (HEADER_NAME[bytes[start + i] & 0xff] != name[i]) {
                return false;
            }
        }
        return true;
    }

    static byte[] headerName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = HEADER_NAME[bytes[i] & 0xff];
        }
        return bytes;
    }
}
