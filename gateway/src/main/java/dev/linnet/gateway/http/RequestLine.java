package dev.linnet.gateway.http;

import dev.linnet.numbers.Method;
import dev.linnet.routing.RequestPath;
import java.nio.charset.StandardCharsets;

/** Method, target and version (RFC 9112 §3). */
final class RequestLine {
    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTP = "http://".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTPS = "https://".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_METHOD = 32;

    private final RequestHead head;
    private byte[] bytes = {};
    private Method method = Method.OTHER;
    private int methodStart;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int authorityStart;
    private int authorityEnd;
    private int rawPathStart;
    private int rawPathEnd;
    private int pathStart;
    private int pathEnd;
    private boolean http11;

    RequestLine(RequestHead head) {
        this.head = head;
    }

    /** Where the header lines begin, or one of {@link Head}'s answers. */
    int scan(byte[] bytes, int end, int longestTarget) {
        this.bytes = bytes;
        authorityStart = 0;
        authorityEnd = 0;
        // one empty line is left over from the body of a careless client's request before (RFC 9112 §2.2)
        methodStart = end >= 2 && bytes[0] == '\r' && bytes[1] == '\n' ? 2 : 0;
        if (methodStart == 0 && end == 1 && bytes[0] == '\r') {
            return Head.INCOMPLETE;
        }
        int at = methodStart;
        while (at < end && Octets.token(bytes[at]) != 0) {
            at++;
        }
        if (at - methodStart > LONGEST_METHOD) {
            return head.rejectLine(Rejection.METHOD);
        }
        if (at >= end) {
            return Head.INCOMPLETE;
        }
        if (bytes[at] != ' ' || at == methodStart) {
            return head.rejectLine(Rejection.METHOD);
        }
        methodEnd = at;
        return scanTarget(at + 1, end, longestTarget);
    }

    private int scanTarget(int start, int end, int longestTarget) {
        targetStart = start;
        int question = -1;
        int at = start;
        int stop = Math.min(end, start + longestTarget + 1);
        for (; at < stop; at++) {
            byte b = bytes[at];
            if ((b >= 0 && b <= ' ') || b == 0x7f) {
                break;
            }
            if (b == '?' && question < 0) {
                question = at;
            } else if (b == '#') {
                return head.rejectLine(Rejection.TARGET);
            }
        }
        if (at - start > longestTarget) {
            return head.rejectLine(Rejection.TARGET_TOO_LONG);
        }
        if (at >= end) {
            return Head.INCOMPLETE;
        }
        if (bytes[at] != ' ' || at == start) {
            return head.rejectLine(bytes[at] == '\r' ? Rejection.VERSION : Rejection.TARGET);
        }
        targetEnd = at;
        rawPathEnd = question < 0 ? at : question;
        int lines = scanVersion(at + 1, end);
        if (lines <= 0) {
            return lines;
        }
        method = methodOf();
        Rejection why = form();
        return why == Rejection.NONE ? lines : head.rejectLine(why);
    }

    private int scanVersion(int start, int end) {
        for (int i = 0; i < VERSION.length; i++) {
            if (start + i >= end) {
                return Head.INCOMPLETE;
            }
            if (bytes[start + i] != VERSION[i]) {
                return head.rejectLine(Rejection.VERSION);
            }
        }
        int minor = start + VERSION.length;
        if (minor + 2 >= end) {
            return Head.INCOMPLETE;
        }
        http11 = bytes[minor] == '1';
        if (!http11 && bytes[minor] != '0') {
            return head.rejectLine(Rejection.VERSION);
        }
        if (bytes[minor + 1] != '\r') {
            return head.rejectLine(bytes[minor + 1] == '\n' ? Rejection.BARE_LF : Rejection.VERSION);
        }
        return bytes[minor + 2] == '\n' ? minor + 3 : head.rejectLine(Rejection.BARE_CR);
    }

    private Rejection form() {
        if (isMethod("CONNECT") || isMethod("TRACE")) {
            return Rejection.METHOD_NOT_ALLOWED;
        }
        rawPathStart = targetStart;
        if (bytes[targetStart] == '/') {
            return Rejection.NONE;
        }
        if (targetEnd - targetStart == 1 && bytes[targetStart] == '*') {
            return method == Method.OPTIONS ? Rejection.NONE : Rejection.TARGET;
        }
        return absolute();
    }

    private Rejection absolute() {
        int scheme = startsWith(HTTP) ? HTTP.length : startsWith(HTTPS) ? HTTPS.length : 0;
        if (scheme == 0) {
            return Rejection.TARGET;
        }
        authorityStart = targetStart + scheme;
        int at = authorityStart;
        while (at < rawPathEnd && bytes[at] != '/') {
            at++;
        }
        authorityEnd = at;
        rawPathStart = at;
        return authorityEnd > authorityStart ? Rejection.NONE : Rejection.TARGET;
    }

    private boolean startsWith(byte[] lowerCase) {
        if (targetEnd - targetStart < lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (Octets.lower(bytes[targetStart + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private Method methodOf() {
        return switch (methodEnd - methodStart) {
            case 3 -> isMethod("GET") ? Method.GET : isMethod("PUT") ? Method.PUT : Method.OTHER;
            case 4 -> four();
            case 5 -> isMethod("PATCH") ? Method.PATCH : isMethod("MKCOL") ? Method.MKCOL : Method.OTHER;
            case 6 -> isMethod("DELETE") ? Method.DELETE : isMethod("UNLOCK") ? Method.UNLOCK : Method.OTHER;
            case 7 -> isMethod("OPTIONS") ? Method.OPTIONS : Method.OTHER;
            case 8 -> isMethod("PROPFIND") ? Method.PROPFIND : Method.OTHER;
            case 9 -> isMethod("PROPPATCH") ? Method.PROPPATCH : Method.OTHER;
            default -> Method.OTHER;
        };
    }

    private Method four() {
        if (isMethod("HEAD")) {
            return Method.HEAD;
        }
        if (isMethod("POST")) {
            return Method.POST;
        }
        if (isMethod("COPY")) {
            return Method.COPY;
        }
        if (isMethod("MOVE")) {
            return Method.MOVE;
        }
        return isMethod("LOCK") ? Method.LOCK : Method.OTHER;
    }

    private boolean isMethod(String name) {
        if (methodEnd - methodStart != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (bytes[methodStart + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Finds the path that routing compares, writing it to {@code room} if it is not the raw one. Negative if it is malformed. */
    int normalisePath(int room) {
        if (rawPathStart == rawPathEnd) {
            bytes[room] = '/';
            pathStart = room;
            pathEnd = room + 1;
            return pathEnd;
        }
        if (bytes[rawPathStart] != '/' || RequestPath.isNormal(bytes, rawPathStart, rawPathEnd)) {
            pathStart = rawPathStart;
            pathEnd = rawPathEnd;
            return pathEnd;
        }
        pathStart = room;
        pathEnd = RequestPath.write(bytes, rawPathStart, rawPathEnd, bytes, room);
        return pathEnd;
    }

    Method method() {
        return method;
    }

    boolean isHttp11() {
        return http11;
    }

    boolean isAbsolute() {
        return authorityEnd > authorityStart;
    }

    int authorityStart() {
        return authorityStart;
    }

    int authorityEnd() {
        return authorityEnd;
    }

    int methodStart() {
        return methodStart;
    }

    int methodEnd() {
        return methodEnd;
    }

    /** The target without scheme and authority: what is sent on. May be empty or begin with the query. */
    int rawPathStart() {
        return rawPathStart;
    }

    int rawPathEnd() {
        return rawPathEnd;
    }

    int targetEnd() {
        return targetEnd;
    }

    int pathStart() {
        return pathStart;
    }

    int pathEnd() {
        return pathEnd;
    }
}
