package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A cookie rule, ready to be asked about bytes. The scanner is nginx's (spec of ingress-nginx, §1.8): the first cookie of the name
 * wins, the name is compared without case, the value exactly and untrimmed, and after another name a comma separates too.
 */
final class CookieTest {
    private static final HeaderLines COOKIE = new HeaderLines("cookie");

    private final byte[] name;

    private CookieTest(byte[] name) {
        this.name = name;
    }

    static CookieTest of(Optional<String> name) {
        return new CookieTest(name.orElse("").toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }

    Verdict ask(RequestView request) {
        if (name.length == 0) {
            return Verdict.PASSES; // nginx would look for a cookie without a name: "=always" (§1.8, not copied)
        }
        for (int line = COOKIE.next(request, 0); line >= 0; line = COOKIE.next(request, line + 1)) {
            int start = valueIn(request.bytes(), request.valueStart(line), request.valueEnd(line));
            if (start >= 0) {
                int end = endOfValue(request.bytes(), start, request.valueEnd(line));
                return HeaderTest.AlwaysNever.word(request.bytes(), start, end);
            }
        }
        return Verdict.PASSES;
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
