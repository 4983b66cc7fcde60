package dev.linnet.routing.policy;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;

/**
 * What browsers are told of other origins (spec of ingress-nginx, §4.6; of Istio, §1.17; of Gateway API, §6.5.4).
 *
 * @param anyOrigin   whether all origins may; then the answer says {@code *}
 * @param origins     those that may; none means that nobody may
 * @param methods     value of {@code Access-Control-Allow-Methods}; {@code *} with credentials means the one that is asked for
 * @param headers     value of {@code Access-Control-Allow-Headers}; {@code *} with credentials means those that are asked for
 * @param exposed     value of {@code Access-Control-Expose-Headers}; empty for none
 * @param credentials whether cookies may be sent along
 * @param maxAge      seconds that a preflight's answer holds
 * @param preflights  which requests are answered instead of passed on
 */
public record Cors(
        boolean anyOrigin,
        List<Origin> origins,
        String methods,
        String headers,
        String exposed,
        boolean credentials,
        int maxAge,
        Preflights preflights) {

    public Cors {
        origins = List.copyOf(origins);
    }

    /** Whether pages of this origin may. */
    public boolean allows(String origin) {
        return anyOrigin || origins.stream().anyMatch(allowed -> allowed.matches(origin));
    }

    /** Which requests the gateway answers itself. */
    public enum Preflights {
        /** Each {@code OPTIONS} from an origin that may, by 204, as ingress-nginx does. */
        ANY_OPTIONS,
        /** Preflights (with {@code Access-Control-Request-Method}) from origins that may, by 200: Istio's {@code FORWARD}. */
        ALLOWED,
        /** All preflights, of origins that may not without a word on them: Istio's {@code IGNORE}, and Gateway API's way. */
        ALL
    }

    /** Origins that may. Each compares the whole of one: {@code evilhttps://good.example} is not {@code https://good.example}. */
    public sealed interface Origin {
        /** @param origin as the browser says it */
        boolean matches(String origin);

        /** This one, without regard to case. */
        record Exactly(String text) implements Origin {
            @Override
            public boolean matches(String origin) {
                return origin.equalsIgnoreCase(text);
            }
        }

        /**
         * With exactly one label between the two parts, without regard to case.
         *
         * @param before {@code https://}, in lower case
         * @param after  {@code .example.com:8443}, in lower case
         */
        record OneLabel(String before, String after) implements Origin {
            @Override
            public boolean matches(String origin) {
                String lower = origin.toLowerCase(Locale.ROOT);
                int end = lower.length() - after.length();
                return end > before.length()
                        && lower.startsWith(before)
                        && lower.endsWith(after)
                        && lower.chars().limit(end).skip(before.length()).allMatch(OneLabel::isInLabel);
            }

            private static boolean isInLabel(int c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            }
        }

        /** All that begin so. */
        record Prefix(String text) implements Origin {
            @Override
            public boolean matches(String origin) {
                return origin.startsWith(text);
            }
        }

        /** All that the expression matches as a whole. */
        record Matching(Pattern pattern) implements Origin {
            /** Whatever somebody says. */
            public static final Matching ANY = new Matching(Pattern.compile(".*"));

            @Override
            public boolean matches(String origin) {
                return pattern.matches(origin);
            }
        }
    }
}
