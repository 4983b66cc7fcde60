package dev.linnet.gateway.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What single bytes mean in HTTP/1.1 (RFC 9110 §5, RFC 9112 §2), and the search for those that end a value. */
final class Octets {
    /** A byte of a token that also is a letter, digit or hyphen. */
    static final byte USUAL = 1;
    /** Any other byte of a token: legal in a header's name, but such headers are dropped as nginx does. */
    static final byte UNUSUAL = 2;

    private static final byte[] TOKEN = new byte[256];
    private static final boolean[] HOST = new boolean[256];
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    static {
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            TOKEN[c] = alphanumeric || c == '-' ? USUAL : 0;
            HOST[c] = alphanumeric || c == '-' || c == '.' || c == '_';
        }
        for (char c : "!#$%&'*+.^_`|~".toCharArray()) {
            TOKEN[c] = UNUSUAL;
        }
    }

    private Octets() {}

    /** {@link #USUAL}, {@link #UNUSUAL}, or 0 if the byte is not part of a token. */
    static byte token(byte b) {
        return TOKEN[b & 0xff];
    }

    static boolean inHost(byte b) {
        return HOST[b & 0xff];
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Whether the byte must not stand in a value: a control character other than a tab. */
    static boolean isControl(byte b) {
        return (b >= 0 && b < ' ' && b != '\t') || b == 0x7f;
    }

    /** The first control character other than a tab, or {@code end}. Eight bytes at a time. */
    static int control(byte[] bytes, int from, int end) {
        int i = from;
        while (i + Long.BYTES <= end) {
            long hit = controls((long) LONGS.get(bytes, i));
            if (hit == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfTrailingZeros(hit) >>> 3; // the lowest hit is never a false one
            if (bytes[i] != '\t') {
                return i;
            }
            i++;
        }
        while (i < end && !isControl(bytes[i])) {
            i++;
        }
        return i;
    }

    /** The high bit of each byte below 0x20 or equal to 0x7f; borrows may set bits above a true one. */
    private static long controls(long eight) {
        long below = (eight - ONES * 0x20) & ~eight;
        long delete = eight ^ (ONES * 0x7f);
        return (below | ((delete - ONES) & ~delete)) & HIGH;
    }

    /** Whether the range is this lower-case text of letters, digits and hyphens, in any case. */
    static boolean is(byte[] lowerCase, byte[] bytes, int start, int end) {
        if (end - start != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if ((bytes[start + i] | 0x20) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether two ranges are equal but for ASCII case. */
    static boolean sameText(byte[] bytes, int start, int end, int otherStart, int otherEnd) {
        if (end - start != otherEnd - otherStart) {
            return false;
        }
        for (int i = start, j = otherStart; i < end; i++, j++) {
            if (lower(bytes[i]) != lower(bytes[j])) {
                return false;
            }
        }
        return true;
    }

    static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }
}
