package dev.linnet.console.web;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A whole answer. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(int status, String type, byte[] body, Map<String, String> headers) {
    private static final byte[] NOTHING = {};

    static Reply html(int status, String page) {
        return new Reply(
                status,
                "text/html; charset=utf-8",
                page.getBytes(StandardCharsets.UTF_8),
                Map.of("Cache-Control", "no-store"));
    }

    static Reply text(int status, String text) {
        return new Reply(
                status,
                "text/plain; charset=utf-8",
                (text + "\n").getBytes(StandardCharsets.UTF_8),
                Map.of("Cache-Control", "no-store"));
    }

    /** Elsewhere, by GET. */
    static Reply seeOther(String address) {
        return new Reply(303, "text/plain", NOTHING, Map.of("Location", address, "Cache-Control", "no-store"));
    }

    Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, type, body, more);
    }
}
