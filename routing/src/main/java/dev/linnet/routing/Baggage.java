package dev.linnet.routing;

import java.nio.charset.StandardCharsets;

/**
 * The members of W3C baggage, as far as one of them is ours ({@link ReleaseSides#MEMBER}). Libraries that pass baggage on may escape keys and
 * values anew, so that ours is also known escaped and in any case: what a client hides so must not come out behind us.
 */
public final class Baggage {
    private static final byte[] OURS = ReleaseSides.MEMBER.getBytes(StandardCharsets.US_ASCII);

    private Baggage() {}

    /** Where the member ends that begins here: at the next comma, or at the end. */
    public static int memberEnd(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != ',') {
            at++;
        }
        return at;
    }

    /** Whether this member tells sides of releases. */
    public static boolean isOurs(byte[] bytes, int start, int end) {
        int at = skipBlanks(bytes, start, end);
        for (byte expected : OURS) {
            if (at >= end) {
                return false;
            }
            int escaped = escaped(bytes, at, end);
            if (Bytes.lower(escaped < 0 ? bytes[at] : (byte) escaped) != expected) {
                return false;
            }
            at += escaped < 0 ? 1 : 3;
        }
        int behind = skipBlanks(bytes, at, end);
        return behind == end || bytes[behind] == '=' || bytes[behind] == ';';
    }

    /** Whether any member does. */
    public static boolean hasOurs(byte[] bytes, int start, int end) {
        for (int at = start; at < end; ) {
            int memberEnd = memberEnd(bytes, at, end);
            if (isOurs(bytes, at, memberEnd)) {
                return true;
            }
            at = memberEnd + 1;
        }
        return false;
    }

    /** The value of a member, without what is said of it behind a semicolon, and without escapes. */
    static String value(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != '=') {
            at++;
        }
        StringBuilder value = new StringBuilder();
        at++;
        while (at < end && bytes[at] != ';') {
            int escaped = escaped(bytes, at, end);
            value.append((char) (escaped < 0 ? bytes[at] & 0xff : escaped));
            at += escaped < 0 ? 1 : 3;
        }
        return value.toString().strip();
    }

    private static int skipBlanks(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && (isBlank(bytes[at]) || escaped(bytes, at, end) == ' ')) {
            at += isBlank(bytes[at]) ? 1 : 3;
        }
        return at;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The octet that is escaped here, negative if none is. */
    private static int escaped(byte[] bytes, int at, int end) {
        if (bytes[at] != '%' || at + 2 >= end) {
            return -1;
        }
        int high = Character.digit(bytes[at + 1], 16);
        int low = Character.digit(bytes[at + 2], 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
