package dev.linnet.gateway.http;

import dev.linnet.routing.policy.AnswerEdits;
import dev.linnet.routing.policy.AnswerEdits.Replacement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Rewrites what a backend says of its own place: cookies and redirects (spec of ingress-nginx, §4.3). */
public final class ResponseRewriter {
    private static final byte[] SET_COOKIE = "set-cookie".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOCATION = "location".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REFRESH = "refresh".getBytes(StandardCharsets.US_ASCII);

    private ResponseRewriter() {}

    /** Notes what changes; nothing if the backend says nothing of the kind. */
    public static void rewrite(ResponseHead head, AnswerEdits wanted, ResponseEdits edits) {
        if (wanted.cookieDomain().isPresent() || wanted.cookiePath().isPresent()) {
            replace("Set-Cookie", values(head, SET_COOKIE), value -> cookie(value, wanted), edits);
        }
        wanted.redirect().ifPresent(redirect -> {
            replace("Location", values(head, LOCATION), value -> beginning(value, redirect), edits);
            replace("Refresh", values(head, REFRESH), value -> refresh(value, redirect), edits);
        });
    }

    private static List<String> values(ResponseHead head, byte[] name) {
        List<String> values = new ArrayList<>(2);
        byte[] bytes = head.bytes();
        for (int line = 0; line < head.headerCount(); line++) {
            if (!head.isDropped(line) && Octets.is(name, bytes, head.nameStart(line), head.nameEnd(line))) {
                int start = head.valueStart(line);
                values.add(new String(bytes, start, head.valueEnd(line) - start, StandardCharsets.ISO_8859_1));
            }
        }
        return values;
    }

    private static void replace(String name, List<String> values, UnaryOperator<String> change, ResponseEdits edits) {
        if (!values.isEmpty()) {
            edits.drop(name);
            values.forEach(value -> edits.add(name, change.apply(value)));
        }
    }

    private static String cookie(String value, AnswerEdits wanted) {
        String[] parts = value.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            parts[i] = attribute(parts[i], wanted);
        }
        return String.join(";", parts);
    }

    private static String attribute(String part, AnswerEdits wanted) {
        int equals = part.indexOf('=');
        if (equals < 0) {
            return part;
        }
        String value = part.substring(equals + 1).strip();
        String changed = switch (part.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
            case "domain" ->
                wanted.cookieDomain().map(domain -> domain(value, domain)).orElse(value);
            case "path" ->
                wanted.cookiePath().map(path -> beginning(value, path)).orElse(value);
            default -> value;
        };
        return part.substring(0, equals + 1) + changed;
    }

    private static String domain(String value, Replacement domain) {
        String bare = value.startsWith(".") ? value.substring(1) : value;
        return bare.equalsIgnoreCase(domain.from()) ? domain.to() : value;
    }

    private static String beginning(String value, Replacement change) {
        return value.startsWith(change.from())
                ? change.to() + value.substring(change.from().length())
                : value;
    }

    /** {@code 5; url=http://backend/}. */
    private static String refresh(String value, Replacement change) {
        int url = value.toLowerCase(Locale.ROOT).indexOf("url=");
        return url < 0 ? value : value.substring(0, url + 4) + beginning(value.substring(url + 4), change);
    }
}
