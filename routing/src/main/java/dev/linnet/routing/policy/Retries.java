package dev.linnet.routing.policy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * After what another endpoint is asked (spec of ingress-nginx, §3.6; of Istio, §1.14, §6.5.6). How often is said by the route's limits.
 *
 * @param on            what it takes
 * @param statuses      answers with these take it too
 * @param within        no other endpoint is asked later than this after the first; zero for no end
 * @param backoff       no other endpoint is asked sooner than this after one has failed; zero for at once
 * @param nonIdempotent whether a request is repeated that an endpoint may have acted upon
 * @param likeIstio     whether endpoints that have failed are asked again where all have, {@code within} is the time for the answer to
 *                      begin, however many are asked, and a failure to get any is answered 503
 */
public record Retries(
        Set<On> on,
        Set<Integer> statuses,
        Duration within,
        Duration backoff,
        boolean nonIdempotent,
        boolean likeIstio) {
    public static final Retries DEFAULT = new Retries(Set.of(On.ERROR, On.TIMEOUT), Set.of(), Duration.ZERO, false);

    /** As Envoy's: it grows no further. */
    private static final int LONGEST_BACKOFF = 10;

    /** As ingress-nginx does it: each endpoint once, and one right after the other. */
    public Retries(Set<On> on, Set<Integer> statuses, Duration within, boolean nonIdempotent) {
        this(on, statuses, within, Duration.ZERO, nonIdempotent, false);
    }

    /** As Istio and Gateway API have it. */
    public static Retries likeIstio(Set<On> on, Set<Integer> statuses, Duration within, Duration backoff) {
        return new Retries(on, statuses, within, backoff, false, true);
    }

    /** What may happen to an attempt. */
    public enum On {
        ERROR,
        TIMEOUT,
        INVALID_HEADER
    }

    public Retries {
        on = on.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(on));
        statuses = Set.copyOf(statuses);
    }

    /**
     * How long to wait before the next endpoint is asked: twice as long each time, and up to half as long again by chance, so that what
     * has failed together does not come back together.
     *
     * @param asked  how many were, at least 1
     * @param chance 0 to 1
     */
    public Duration pause(int asked, double chance) {
        long times = Math.min(LONGEST_BACKOFF, 1L << Math.min(asked - 1, LONGEST_BACKOFF));
        return Duration.ofNanos((long) (backoff.toNanos() * times * (1 + chance / 2)));
    }
}
