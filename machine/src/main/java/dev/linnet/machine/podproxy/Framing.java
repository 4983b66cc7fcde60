package dev.linnet.machine.podproxy;

import java.util.List;
import java.util.Locale;

/** How the end of a body is found, RFC 9112, 6.3. What two readers could read in two ways is refused. */
sealed interface Framing {

    /** There is no body. */
    record None() implements Framing {}

    /** So many bytes. */
    record Length(long bytes) implements Framing {}

    /** In chunks. */
    record Chunked() implements Framing {}

    /** Until the sender closes the connection. */
    record UntilClose() implements Framing {}

    static Framing ofRequest(Head head) throws Refusal {
        return declared(head, new None());
    }

    static Framing ofResponse(Head head, String method, int status) throws Refusal {
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return new None();
        }
        return declared(head, new UntilClose());
    }

    private static Framing declared(Head head, Framing otherwise) throws Refusal {
        List<String> encodings = head.values("transfer-encoding");
        List<String> lengths = head.values("content-length");
        if (!encodings.isEmpty() && !lengths.isEmpty()) {
            throw new Refusal(400, "Content-Length beside Transfer-Encoding (expected: one of them)");
        }
        if (!encodings.isEmpty()) {
            return encoded(encodings);
        }
        return lengths.isEmpty() ? otherwise : length(lengths);
    }

    private static Framing encoded(List<String> encodings) throws Refusal {
        if (encodings.size() != 1
                || !encodings.getFirst().toLowerCase(Locale.ROOT).equals("chunked")) {
            throw new Refusal(501, "Transfer-Encoding is " + String.join(", ", encodings) + " (expected: chunked)");
        }
        return new Chunked();
    }

    private static Framing length(List<String> lengths) throws Refusal {
        String first = lengths.getFirst();
        if (lengths.size() != 1 || !first.matches("\\d{1,18}")) {
            throw new Refusal(400, "Content-Length is " + String.join(", ", lengths) + " (expected: a number)");
        }
        long bytes = Long.parseLong(first);
        return bytes == 0 ? new None() : new Length(bytes);
    }
}
