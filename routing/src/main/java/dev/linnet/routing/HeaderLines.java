package dev.linnet.routing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The lines of one header in a request. Together they are one value, joined by {@code ", "}, for Cookie by {@code "; "} (spec of
 * ingress-nginx, §1.7).
 */
final class HeaderLines {
    private final byte[] name;
    private final byte[] joiner;

    HeaderLines(String name) {
        this(name, name.equalsIgnoreCase("cookie") ? "; " : ", ");
    }

    /** Joined by something else. */
    HeaderLines(String name, String joiner) {
        this.name = Bytes.headerName(name);
        this.joiner = joiner.getBytes(StandardCharsets.US_ASCII);
    }

    /** The next line of this name, negative if there is none. */
    int next(RequestView request, int from) {
        byte[] bytes = request.bytes();
        int count = request.headerCount();
        for (int i = from; i < count; i++) {
            if (Bytes.isHeader(name, bytes, request.nameStart(i), request.nameEnd(i))) {
                return i;
            }
        }
        return -1;
    }

    boolean joinedEquals(RequestView request, int first, byte[] expected) {
        int at = 0;
        for (int line = first; line >= 0; line = next(request, line + 1)) {
            if (line != first) {
                if (!continues(expected, at, joiner, 0, joiner.length)) {
                    return false;
                }
                at += joiner.length;
            }
            if (!continues(expected, at, request.bytes(), request.valueStart(line), request.valueEnd(line))) {
                return false;
            }
            at += request.valueEnd(line) - request.valueStart(line);
        }
        return at == expected.length;
    }

    private static boolean continues(byte[] expected, int at, byte[] bytes, int start, int end) {
        int to = at + end - start;
        return to <= expected.length && Arrays.equals(expected, at, to, bytes, start, end);
    }

    byte[] joined(RequestView request, int first) {
        var joined = new ByteArrayOutputStream();
        for (int line = first; line >= 0; line = next(request, line + 1)) {
            if (line != first) {
                joined.writeBytes(joiner);
            }
            joined.write(request.bytes(), request.valueStart(line), request.valueEnd(line) - request.valueStart(line));
        }
        return joined.toByteArray();
    }
}
