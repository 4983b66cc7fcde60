package dev.linnet.routing.policy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * After what another endpoint is asked (spec of ingress-nginx, §3.6). How often is said by the route's limits.
 *
 * @param on            what it takes
 * @param within        no other endpoint is asked later than this after the first; zero for no end
 * @param nonIdempotent whether a request is repeated that an endpoint may have acted upon
 */
public record Retries(Set<On> on, Duration within, boolean nonIdempotent) {
    public static final Retries DEFAULT = new Retries(Set.of(On.ERROR, On.TIMEOUT), Duration.ZERO, false);

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
        HTTP_429
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
