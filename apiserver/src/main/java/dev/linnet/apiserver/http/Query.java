package dev.linnet.apiserver.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** The parameters after the question mark. */
public final class Query {
    private final String raw;
    private final Map<String, List<String>> values = new HashMap<>();

    /** @param raw still percent-encoded, without the question mark */
    public Query(String raw) {
        this.raw = raw;
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!name.isEmpty()) {
                values.computeIfAbsent(decoded(name), _ -> new ArrayList<>()).add(decoded(value));
            }
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The first value of a parameter; empty when it is absent. */
    public String text(String name) {
        return values.getOrDefault(name, List.of("")).getFirst();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** As Kubernetes reads flags: present means true, unless it says false or 0. */
    public boolean flag(String name) {
        String value = text(name).toLowerCase(Locale.ROOT);
        return values.containsKey(name) && !value.equals("false") && !value.equals("0");
    }

    /** A whole number; empty when absent or not one. */
    public OptionalLong number(String name) {
        try {
            return text(name).isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text(name)));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    /** As it came, to be passed on. */
    public String raw() {
        return raw;
    }
}
