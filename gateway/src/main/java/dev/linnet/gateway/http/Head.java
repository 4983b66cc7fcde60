package dev.linnet.gateway.http;

import java.nio.charset.StandardCharsets;

/**
 * The header lines of a request or response as ranges of an array. One instance serves one event loop over and over; it is valid
 * until the next scan.
 */
public abstract class Head {
    /** Answers of a scan in place of a length. */
    public static final int INCOMPLETE = 0;

    public static final int REJECTED = -1;

    private static final int RANGES = 4;

    protected final HeadLimits limits;
    private final int[] ranges;
    private final boolean[] dropped;
    private int count;
    private Rejection rejection = Rejection.NONE;
    protected byte[] bytes;

    protected Head(HeadLimits limits) {
        this.limits = limits;
        this.bytes = new byte[0];
        this.ranges = new int[limits.headers() * RANGES];
        this.dropped = new boolean[limits.headers()];
    }

    /**
     * Scans a head that begins at 0.
     *
     * @param end where the bytes that have come so far end
     * @return the head's length, {@link #INCOMPLETE} or {@link #REJECTED}
     */
    public abstract int scan(byte[] bytes, int end);

    protected final void start(byte[] bytes) {
        this.bytes = bytes;
        this.count = 0;
        this.rejection = Rejection.NONE;
    }

    /** Why the last scan answered {@link #REJECTED}. */
    public final Rejection rejection() {
        return rejection;
    }

    protected final int reject(Rejection why) {
        rejection = why;
        return REJECTED;
    }

    /** Called for each line whose name means something. Answers {@link Rejection#NONE} or why not. */
    abstract Rejection known(Field field, int line);

    /** Called for each line whose name has other than letters, digits and hyphens. */
    abstract void unusual(int line);

    /**
     * Scans header lines up to the empty one.
     *
     * @return where the head ends, {@link #INCOMPLETE} or {@link #REJECTED}
     */
    protected final int scanLines(int from, int end) {
        int at = from;
        while (at < end) {
            if (bytes[at] == '\r') {
                return endOfHead(at, end);
            }
            at = scanLine(at, end);
            if (at <= 0) {
                return at;
            }
        }
        return INCOMPLETE;
    }

    private int endOfHead(int cr, int end) {
        if (cr + 1 >= end) {
            return INCOMPLETE;
        }
        return bytes[cr + 1] == '\n' ? cr + 2 : reject(Rejection.BARE_CR);
    }

    private int scanLine(int nameStart, int end) {
        int at = nameStart;
        byte seen = 0;
        byte token = 0;
        while (at < end && (token = Octets.token(bytes[at])) != 0) {
            seen |= token;
            at++;
        }
        if (at >= end) {
            return INCOMPLETE;
        }
        if (bytes[at] != ':' || at == nameStart) {
            return reject(whyNoName(nameStart, at));
        }
        int nameEnd = at++;
        while (at < end && Octets.isBlank(bytes[at])) {
            at++;
        }
        int valueStart = at;
        at = Octets.control(bytes, at, end);
        if (at + 1 >= end) {
            return at < end && bytes[at] != '\r' ? reject(whyNoValue(at)) : INCOMPLETE;
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            return reject(whyNoValue(at));
        }
        return keep(nameStart, nameEnd, valueStart, at, (seen & Octets.UNUSUAL) != 0);
    }

    private Rejection whyNoName(int nameStart, int at) {
        if (at == nameStart && Octets.isBlank(bytes[at])) {
            return Rejection.OBSOLETE_FOLD;
        }
        return bytes[at] == '\n' ? Rejection.BARE_LF : Rejection.NAME;
    }

    private Rejection whyNoValue(int at) {
        return switch (bytes[at]) {
            case '\r' -> Rejection.BARE_CR;
            case '\n' -> Rejection.BARE_LF;
            default -> Rejection.CONTROL;
        };
    }

    private int keep(int nameStart, int nameEnd, int valueStart, int cr, boolean unusual) {
        if (count == limits.headers()) {
            return reject(Rejection.TOO_MANY_HEADERS);
        }
        int valueEnd = cr;
        while (valueEnd > valueStart && Octets.isBlank(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        int line = count++;
        ranges[line * RANGES] = nameStart;
        ranges[line * RANGES + 1] = nameEnd;
        ranges[line * RANGES + 2] = valueStart;
        ranges[line * RANGES + 3] = valueEnd;
        dropped[line] = false;
        if (unusual) {
            unusual(line);
            return cr + 2;
        }
        Field field = Field.of(bytes, nameStart, nameEnd);
        if (field != Field.OTHER) {
            Rejection why = known(field, line);
            if (why != Rejection.NONE) {
                return reject(why);
            }
        }
        return cr + 2;
    }

    /** The line is not forwarded. */
    protected final void drop(int line) {
        dropped[line] = true;
    }

    /** The line is not forwarded, and nobody who looks for a name will find it. */
    protected final void hide(int line) {
        dropped[line] = true;
        ranges[line * RANGES + 1] = ranges[line * RANGES];
    }

    final boolean isDropped(int line) {
        return dropped[line];
    }

    public final byte[] bytes() {
        return bytes;
    }

    public final int headerCount() {
        return count;
    }

    public final int nameStart(int header) {
        return ranges[header * RANGES];
    }

    public final int nameEnd(int header) {
        return ranges[header * RANGES + 1];
    }

    public final int valueStart(int header) {
        return ranges[header * RANGES + 2];
    }

    public final int valueEnd(int header) {
        return ranges[header * RANGES + 3];
    }

    /** The next line of this name, which is in lower case, negative if there is none. Lines that are not forwarded count. */
    public final int next(byte[] name, int from) {
        for (int line = from; line < count; line++) {
            if (Octets.is(name, bytes, nameStart(line), nameEnd(line))) {
                return line;
            }
        }
        return -1;
    }

    /** The values of all lines of this name, joined by commas; empty if there is none. Makes a text: not for every request. */
    public final String joined(byte[] name) {
        int line = next(name, 0);
        if (line < 0) {
            return "";
        }
        String first = value(line);
        int other = next(name, line + 1);
        if (other < 0) {
            return first;
        }
        StringBuilder all = new StringBuilder(first);
        for (; other >= 0; other = next(name, other + 1)) {
            all.append(", ").append(value(other));
        }
        return all.toString();
    }

    /** The value of a line, byte by byte. */
    public final String value(int line) {
        return new String(bytes, valueStart(line), valueEnd(line) - valueStart(line), StandardCharsets.ISO_8859_1);
    }

    /** The name of a line as it was sent. */
    public final String name(int line) {
        return new String(bytes, nameStart(line), nameEnd(line) - nameStart(line), StandardCharsets.US_ASCII);
    }

    /** Where the line behind this one begins. A value may be followed by blanks, so the range alone does not tell. */
    final int lineEnd(int header) {
        int at = valueEnd(header);
        while (bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    /** Digits only, at most 18 of them; negative if it is anything else (RFC 9110 §8.6). */
    protected final long number(int line) {
        int start = valueStart(line);
        int end = valueEnd(line);
        if (start == end || end - start > 18) {
            return -1;
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return -1;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    protected final boolean valueIs(byte[] lowerCase, int line) {
        return Octets.is(lowerCase, bytes, valueStart(line), valueEnd(line));
    }

    /** Drops all lines of this name. */
    protected final Rejection dropNamed(int start, int end) {
        if (!Field.of(bytes, start, end).isDroppable()) {
            return Rejection.CONNECTION;
        }
        for (int line = 0; line < count; line++) {
            if (Octets.sameText(bytes, start, end, nameStart(line), nameEnd(line))) {
                dropped[line] = true;
            }
        }
        return Rejection.NONE;
    }

    /** Drops all lines of this name, which is in lower case, because we say so. */
    final void dropLines(byte[] name) {
        for (int line = 0; line < count; line++) {
            if (Octets.is(name, bytes, nameStart(line), nameEnd(line))) {
                dropped[line] = true;
            }
        }
    }
}
