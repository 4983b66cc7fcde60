package dev.linnet.samples.serving;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer.
 *
 * @param pause how long to wait between the head and the body; zero sends both at once
 */
public record Reply(int status, Map<String, String> headers, Duration pause, ByteBuffer body) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    public Reply {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        body = body.asReadOnlyBuffer();
    }

    public static Reply empty(int status) {
        return new Reply(status, Map.of(), Duration.ZERO, NOTHING);
    }

    public static Reply of(int status, String contentType, byte[] body) {
        return new Reply(status, Map.of("Content-Type", contentType), Duration.ZERO, ByteBuffer.wrap(body));
    }

    public static Reply of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public Reply with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Reply(status, all, pause, body);
    }

    /** The same answer, whose body comes that much later than its head. */
    public Reply pausing(Duration newPause) {
        return new Reply(status, headers, newPause, body);
    }

    /** To be read from its start, whoever read it before. */
    @Override
    public ByteBuffer body() {
        return body.duplicate();
    }
}
