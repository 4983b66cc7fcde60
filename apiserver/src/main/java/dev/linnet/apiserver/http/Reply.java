package dev.linnet.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.apiserver.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a call is answered.
 *
 * @param contentType empty for none
 * @param warnings    shown to the user by kubectl, one {@code Warning} header each
 * @param headers     beside those that every answer has; they win over these
 */
public record Reply(int code, String contentType, List<String> warnings, List<Header> headers, Body body) {
    public static final String JSON = "application/json";

    public Reply {
        warnings = List.copyOf(warnings);
        headers = List.copyOf(headers);
    }

    public Reply(int code, String contentType, Body body) {
        this(code, contentType, List.of(), List.of(), body);
    }

    /** How the bytes come about. */
    public sealed interface Body {}

    /** All there at once. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Whole(byte[] bytes) implements Body {}

    /** Written as it comes; what has been flushed is seen by the client. */
    public non-sealed interface Stream extends Body {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    /**
     * The client goes on in another protocol with somebody behind this server.
     *
     * @param upgrade what was agreed upon
     * @param behind  whose bytes are the client's from now on; closed when either ends
     */
    record Switched(Upgrade upgrade, Socket behind) implements Body {}

    public static Reply json(int code, JsonNode node) {
        return new Reply(code, JSON, new Whole(Json.bytes(node)));
    }

    public static Reply text(int code, String text) {
        return new Reply(code, "text/plain; charset=utf-8", new Whole(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static Reply stream(String contentType, Stream body) {
        return new Reply(200, contentType, body);
    }

    public static Reply switched(Upgrade upgrade, Socket behind) {
        return new Reply(101, "", new Switched(upgrade, behind));
    }

    public Reply warning(List<String> more) {
        return more.isEmpty() ? this : new Reply(code, contentType, more, headers, body);
    }

    public Reply as(String otherContentType) {
        return new Reply(code, otherContentType, warnings, headers, body);
    }
}
