package dev.linnet.console.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a query or of a form that was sent. Of a name that repeats, the first counts. */
record Form(Map<String, String> fields) {
    static final Form EMPTY = new Form(Map.of());

    Form {
        fields = Map.copyOf(fields);
    }

    /** @throws IllegalArgumentException if it is malformed */
    static Form of(@Nullable String encoded) {
        if (encoded == null || encoded.isEmpty()) {
            return EMPTY;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            fields.putIfAbsent(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return new Form(fields);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Empty if there is none. */
    String get(String name) {
        return fields.getOrDefault(name, "");
    }
}
