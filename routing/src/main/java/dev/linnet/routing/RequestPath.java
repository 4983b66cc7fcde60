package dev.linnet.routing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The path by which a request is matched: percent-decoded once, {@code .} and {@code ..} resolved, slashes merged, and a
 * backslash taken for a slash because some servers do (spec of ingress-nginx, §5.2.1). The backend still gets the path as sent.
 */
public final class RequestPath {
    /** Answers of {@link #write} in place of an end: the request is malformed. */
    public static final int BAD_ESCAPE = -1;

    public static final int ABOVE_ROOT = -2;

    public static final int NUL = -3;

    private RequestPath() {}

    /** Whether the path is its own normal form, so that nothing has to be written. */
    public static boolean isNormal(byte[] bytes, int start, int end) {
        byte before = 0;
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b == '%' || b == '\\' || (before == '/' && (b == '/' || b == '.'))) {
                return false;
            }
            before = b;
        }
        return true;
    }

    /**
     * Writes the normal form of a path that begins with a slash. It is never longer than the path.
     *
     * @return where the normal form ends in {@code to}, or one of the negative answers
     */
    public static int write(byte[] from, int start, int end, byte[] to, int at) {
        to[at] = '/';
        int out = at + 1;
        int segment = out;
        for (int i = start + 1; i < end; i++) {
            int c = from[i];
            if (c == '%') {
                c = decoded(from, i, end);
                if (c <= 0) {
                    return c == 0 ? NUL : BAD_ESCAPE;
                }
                i += 2;
            }
            if (c != '/' && c != '\\') {
                to[out++] = (byte) c;
                continue;
            }
            out = close(to, at, segment, out);
            if (out < 0) {
                return ABOVE_ROOT;
            }
            if (to[out - 1] != '/') {
                to[out++] = '/';
            }
            segment = out;
        }
        int closed = close(to, at, segment, out);
        return closed < 0 ? ABOVE_ROOT : closed;
    }

    /** The decoded byte (0 to 255), negative if the escape is broken. */
    private static int decoded(byte[] from, int percent, int end) {
        if (percent + 2 >= end) {
            return BAD_ESCAPE;
        }
        int high = Character.digit(from[percent + 1], 16);
        int low = Character.digit(from[percent + 2], 16);
        return high < 0 || low < 0 ? BAD_ESCAPE : (high << 4) | low;
    }

    /** Resolves a last segment that is a dot segment. */
    private static int close(byte[] to, int root, int segment, int out) {
        int length = out - segment;
        if (length == 1 && to[segment] == '.') {
            return segment;
        }
        if (length != 2 || to[segment] != '.' || to[segment + 1] != '.') {
            return out;
        }
        if (segment == root + 1) {
            return ABOVE_ROOT;
        }
        int parent = segment - 1;
        while (to[parent - 1] != '/') {
            parent--;
        }
        return parent;
    }

    /** The normal form as text, {@code null} if the path is malformed. */
    static byte @Nullable [] normal(byte[] path) {
        byte[] room = new byte[path.length + 1];
        int end = write(path, 0, path.length, room, 0);
        return end < 0 ? null : Arrays.copyOf(room, end);
    }
}
