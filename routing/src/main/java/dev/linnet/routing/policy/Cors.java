package dev.linnet.routing.policy;

import java.util.List;
import java.util.Locale;

/**
 * What browsers are told of other origins (spec of ingress-nginx, §4.6).
 *
 * @param anyOrigin   whether all origins may; then the answer says {@code *}
 * @param origins     those that may; none means that nobody may
 * @param methods     value of {@code Access-Control-Allow-Methods}
 * @param headers     value of {@code Access-Control-Allow-Headers}
 * @param exposed     value of {@code Access-Control-Expose-Headers}; empty for none
 * @param credentials whether cookies may be sent along
 * @param maxAge      seconds that a preflight's answer holds
 */
public record Cors(
        boolean anyOrigin,
        List<Origin> origins,
        String methods,
        String headers,
        String exposed,
        boolean credentials,
        int maxAge) {

    public Cors {
        origins = List.copyOf(origins);
    }

    /** Whether pages of this origin may. */
    public boolean allows(String origin) {
        return anyOrigin || origins.stream().anyMatch(allowed -> allowed.matches(origin));
    }

    /**
     * An origin that may, in lower case; compared whole and without regard to case. ingress-nginx compares only the end of it, so that
     * {@code evilhttps://good.example} passes.
     *
     * @param before     {@code https://}, or all of it
     * @param label      whether exactly one label stands between the two parts
     * @param after      {@code .example.com:8443}
     */
    public record Origin(String before, boolean label, String after) {
        boolean matches(String origin) {
            String lower = origin.toLowerCase(Locale.ROOT);
            if (!label) {
                return lower.equals(before);
            }
            int end = lower.length() - after.length();
            return end > before.length()
                    && lower.startsWith(before)
                    && lower.endsWith(after)
                    && lower.chars().limit(end).skip(before.length()).allMatch(Origin::isInLabel);
        }

        private static boolean isInLabel(int c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        }
    }
}
