package dev.linnet.routing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * A session cookie of ingress-nginx: {@code key|backendKey} (spec, §1.11.2, §1.11.3). The same keys are made and understood, so sessions
 * survive the migration.
 *
 * @param key     which endpoint
 * @param backend which backend set it, as {@link #backendKey} writes that; empty in cookies of very old versions
 */
public record AffinityCookie(String key, String backend) {
    private static final HeaderLines COOKIE = new HeaderLines("cookie");

    /**
     * The cookie of this name in a request. Unlike other cookies, its name is compared with case, its value ends at a blank, and the last
     * one of several counts.
     */
    public static Optional<AffinityCookie> read(RequestView request, byte[] name) {
        Optional<AffinityCookie> found = Optional.empty();
        for (int line = COOKIE.next(request, 0); line >= 0; line = COOKIE.next(request, line + 1)) {
            Optional<AffinityCookie> last =
                    lastIn(request.bytes(), request.valueStart(line), request.valueEnd(line), name);
            found = last.isPresent() ? last : found;
        }
        return found;
    }

    private static Optional<AffinityCookie> lastIn(byte[] bytes, int start, int end, byte[] name) {
        Optional<AffinityCookie> last = Optional.empty();
        int at = start;
        while (at < end) {
            int word = at;
            while (at < end && !endsWord(bytes[at])) {
                at++;
            }
            int equals = word + name.length;
            if (equals < at && bytes[equals] == '=' && Bytes.equal(name, bytes, word, equals)) {
                last = parse(new String(bytes, equals + 1, at - equals - 1, StandardCharsets.ISO_8859_1));
            }
            at++;
        }
        return last;
    }

    private static boolean endsWord(byte b) {
        return b == ';' || b == ' ' || b == '\t';
    }

    private static Optional<AffinityCookie> parse(String value) {
        StringTokenizer chunks = new StringTokenizer(value, "|");
        if (!chunks.hasMoreTokens()) {
            return Optional.empty();
        }
        String key = chunks.nextToken();
        return Optional.of(new AffinityCookie(key, chunks.hasMoreTokens() ? chunks.nextToken() : ""));
    }

    /** What stands for a backend in the cookies that it sets. */
    public static String backendKey(ServiceRef backend) {
        String name = backend.upstreamName();
        return md5(md5(name) + name);
    }

    /** What stands for an endpoint in cookies of mode {@code persistent}. */
    public static String persistentKey(ServiceRef backend, Endpoint endpoint) {
        return md5(backend.upstreamName() + endpoint);
    }

    /** Not for secrecy: these are ingress-nginx's formulas, and clients hold their results. */
    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
