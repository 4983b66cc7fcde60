package dev.linnet.gateway.http;

/** The Host header: a name or address, perhaps a port (RFC 9110 §7.2), of the characters that names and addresses really have. */
final class HostField {
    private boolean present;
    private int start;
    private int end;
    private int nameEnd;
    private int portStart;

    void reset() {
        present = false;
        start = 0;
        end = 0;
        nameEnd = 0;
        portStart = 0;
    }

    Rejection read(byte[] bytes, int valueStart, int valueEnd) {
        if (present || valueStart == valueEnd) {
            return Rejection.HOST;
        }
        int name = bytes[valueStart] == '['
                ? endOfAddress(bytes, valueStart, valueEnd)
                : endOfName(bytes, valueStart, valueEnd);
        if (name == valueStart || !isPort(bytes, name, valueEnd)) {
            return Rejection.HOST;
        }
        present = true;
        start = valueStart;
        end = valueEnd;
        portStart = Math.min(name + 1, valueEnd);
        nameEnd = name > valueStart + 1 && bytes[name - 1] == '.' ? name - 1 : name;
        return Rejection.NONE;
    }

    private static int endOfName(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && Octets.inHost(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Behind {@code [::1]}; {@code from} if it is not closed or has something else in it. */
    private static int endOfAddress(byte[] bytes, int from, int end) {
        int at = from + 1;
        while (at < end && (Character.digit(bytes[at], 16) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
            at++;
        }
        return at < end && at > from + 1 && bytes[at] == ']' ? at + 1 : from;
    }

    private static boolean isPort(byte[] bytes, int colon, int end) {
        if (colon == end) {
            return true;
        }
        if (bytes[colon] != ':' || end - colon > 6) {
            return false;
        }
        for (int i = colon + 1; i < end; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    boolean isPresent() {
        return present;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Without port and trailing dot. */
    int nameEnd() {
        return nameEnd;
    }

    boolean hasPort() {
        return portStart < end;
    }

    /** Of its digits, which end where the field does. */
    int portStart() {
        return portStart;
    }
}
