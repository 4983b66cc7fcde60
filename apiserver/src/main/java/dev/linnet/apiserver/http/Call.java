package dev.linnet.apiserver.http;

import dev.linnet.apiserver.access.Caller;
import java.util.List;
import java.util.Optional;

/**
 * A request that was read completely and whose sender is known.
 *
 * @param path        segments, percent-decoded; none for {@code /}
 * @param rawPath     as it came
 * @param accept      the Accept header, empty when absent
 * @param contentType the Content-Type header, empty when absent
 * @param upgrade     to another protocol, where the client asks for one
 */
public record Call(
        String method,
        List<String> path,
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
