package dev.linnet.apiserver.http;

import dev.linnet.apiserver.access.Caller;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request that was read completely and whose sender is known.
 *
 * @param rawPath     as it came
 * @param accept      the Accept header, empty when absent
 * @param contentType the Content-Type header, empty when absent
 * @param upgrade     to another protocol, where the client asks for one
 */
public record Call(
        String method,
        String rawPath,
        Query query,
        String accept,
        String contentType,
        String userAgent,
        Body body,
        Optional<Upgrade> upgrade,
        Caller caller) {

    /** The bytes of a request. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Body(byte[] bytes) {
        public boolean isEmpty() {
            return bytes.length == 0;
        }
    }

    /** The segments of the path, percent-decoded; none for {@code /}. */
    public List<String> path() {
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.split("/", -1)) {
            if (!segment.isEmpty()) {
                // A plus is a plus in a path; only the decoder for forms takes it for a blank.
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        return segments;
    }

    /** What of the path as it came follows a number of segments: {@code /b/} of {@code /a/b/} after one; empty where nothing does. */
    public String rawPathAfter(int segments) {
        int end = 0;
        for (int passed = 0; passed < segments && end < rawPath.length(); passed++) {
            while (end < rawPath.length() && rawPath.charAt(end) == '/') {
                end++;
            }
            while (end < rawPath.length() && rawPath.charAt(end) != '/') {
                end++;
            }
        }
        return rawPath.substring(end);
    }

    /** The Content-Type without its parameters. */
    public String mediaType() {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
    }
}
