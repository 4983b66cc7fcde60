package dev.linnet.routing;

import java.nio.charset.StandardCharsets;

/** A parameter of a query, compared where it lies: percent escapes and {@code +} are read as what they stand for. */
final class QueryParameter {
    private static final int NO_DIGIT = -1;

    private final byte[] name;
    private final byte[] value;

    QueryParameter(String name, String value) {
        this.name = name.getBytes(StandardCharsets.UTF_8);
        this.value = value.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether one of the query's parameters is this one. */
    boolean isIn(RequestView request, Dealer dealer) {
        byte[] bytes = request.bytes();
        int end = request.queryEnd();
        for (int at = request.queryStart(); at < end; ) {
            int next = indexOf('&', bytes, at, end);
            int equals = indexOf('=', bytes, at, next);
            boolean same = isText(name, bytes, at, equals) && isText(value, bytes, Math.min(equals + 1, next), next);
            if (same) {
                return true;
            }
            at = next + 1;
        }
        return false;
    }

    private static int indexOf(char wanted, byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static boolean isText(byte[] expected, byte[] bytes, int start, int end) {
        int at = start;
        for (byte wanted : expected) {
            if (at >= end || (byte) decoded(bytes, at, end) != wanted) {
                return false;
            }
            at += isEscape(bytes, at, end) ? 3 : 1;
        }
        return at == end;
    }

    private static int decoded(byte[] bytes, int at, int end) {
        if (isEscape(bytes, at, end)) {
            return Character.digit(bytes[at + 1], 16) << 4 | Character.digit(bytes[at + 2], 16);
        }
        return bytes[at] == '+' ? ' ' : bytes[at];
    }

    /** What looks like half an escape stands for itself. */
    private static boolean isEscape(byte[] bytes, int at, int end) {
        return bytes[at] == '%'
                && at + 2 < end
                && Character.digit(bytes[at + 1], 16) != NO_DIGIT
                && Character.digit(bytes[at + 2], 16) != NO_DIGIT;
    }
}
