package dev.linnet.apiserver.http;

import dev.linnet.apiserver.access.Caller;
import java.util.List;
import java.util.Optional;

/**
 * A request that was read completely and whose sender is known.
 *
 * @param path        segments, percent-decoded; none for {@code /}
 * @param accept      the Accept header, empty when absent
 * @param contentType the Content-Type header, empty when absent
 * @param upgrade     to another protocol, where the client asks for one
 */
public record Call(
        String method,
        List<String> path,
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

    /** The Content-Type without its parameters. */
    public String mediaType() {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
    }
}
