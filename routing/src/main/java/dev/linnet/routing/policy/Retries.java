package dev.linnet.routing.policy;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * After what another endpoint is asked (spec of ingress-nginx, §3.6; of Istio, §1.14). How often is said by the route's limits.
 *
 * @param on            what it takes
 * @param within        no other endpoint is asked later than this after the first; zero for no end
 * @param nonIdempotent whether a request is repeated that an endpoint may have acted upon
 * @param likeIstio     whether endpoints that have failed are asked again where all have, {@code within} is the time for the answer to
 *                      begin, however many are asked, and a failure to get any is answered 503
 */
public record Retries(Set<On> on, Duration within, boolean nonIdempotent, boolean likeIstio) {
    public static final Retries DEFAULT = new Retries(Set.of(On.ERROR, On.TIMEOUT), Duration.ZERO, false);

    /** As ingress-nginx does it: each endpoint once. */
    public Retries(Set<On> on, Duration within, boolean nonIdempotent) {
        this(on, within, nonIdempotent, false);
    }

    /** As Istio and Gateway API have it. */
    public static Retries likeIstio(Set<On> on, Duration within) {
        return new Retries(on, within, false, true);
    }

    /** What may happen to an attempt. */
    public enum On {
        ERROR,
        TIMEOUT,
        INVALID_HEADER,
        HTTP_500,
        HTTP_502,
        HTTP_503,
        HTTP_504,
        HTTP_403,
        HTTP_404,
        HTTP_429;

        /** The one that is an answer with this status; empty if it is not told apart from others. */
        public static Optional<On> status(String code) {
            String name = "HTTP_" + code;
            return Arrays.stream(values()).filter(on -> on.name().equals(name)).findFirst();
        }
    }

    public Retries {
        on = on.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(on));
    }

    /** Whether an answer with this status means that another endpoint is asked. */
    public boolean onStatus(int status) {
        return switch (status) {
            case 500 -> on.contains(On.HTTP_500);
            case 502 -> on.contains(On.HTTP_502);
            case 503 -> on.contains(On.HTTP_503);
            case 504 -> on.contains(On.HTTP_504);
            case 403 -> on.contains(On.HTTP_403);
            case 404 -> on.contains(On.HTTP_404);
            case 429 -> on.contains(On.HTTP_429);
            default -> false;
        };
    }
}
