package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds a cookie as nginx does (spec of ingress-nginx, §1.8): the first of the name wins, the name is compared without case, the
 * value is neither trimmed at its end nor unquoted, and after another name a comma separates too.
 */
final class Cookies {
    private static final HeaderLines COOKIE = new HeaderLines("cookie");

    /** There is no such cookie. */
    static final long NONE = -1;

    private final byte[] name;

    Cookies(String name) {
        this.name = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    /** The value's range, to be taken apart by {@link #start} and {@link #end}, or {@link #NONE}. */
    long find(RequestView request) {
        for (int line = COOKIE.next(request, 0); line >= 0; line = COOKIE.next(request, line + 1)) {
            int start = valueIn(request.bytes(), request.valueStart(line), request.valueEnd(line));
            if (start >= 0) {
                return ((long) start << Integer.SIZE) | endOfValue(request.bytes(), start, request.valueEnd(line));
            }
        }
        return NONE;
    }

    static int start(long found) {
        return (int) (found >>> Integer.SIZE);
    }

    static int end(long found) {
        return (int) found;
    }

    /** Where the cookie's value begins in this line, negative if the line does not have it. */
    private int valueIn(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end) {
            if (Bytes.startsIgnoringCase(name, bytes, at, end)) {
                int equals = skipBlanks(bytes, at + name.length, end);
                if (equals < end && bytes[equals] == '=') {
                    return skipBlanks(bytes, equals + 1, end);
                }
            }
            while (at < end && bytes[at] != ';' && bytes[at] != ',') {
                at++;
            }
            at = skipBlanks(bytes, at + 1, end);
        }
        return -1;
    }

    private static int skipBlanks(byte[] bytes, int at, int end) {
        int next = at;
        while (next < end && bytes[next] == ' ') {
            next++;
        }
        return next;
    }

    private static int endOfValue(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != ';') {
            at++;
        }
        return at;
    }
}
