package dev.linnet.rollout.plan;

import java.time.Duration;
import java.util.List;

/**
 * Users keep the version that they met ({@code analysis.sessionAffinity}).
 *
 * @param cookie        name of the canary's cookie; empty if there is no affinity
 * @param primaryCookie name of the primary's cookie; empty if only the canary's users stay
 * @param maxAge        how long a user stays
 * @param attributes    what else the cookie says, in order: {@code Domain=example.com}, {@code HttpOnly}
 */
public record Affinity(String cookie, String primaryCookie, Duration maxAge, List<String> attributes) {
    public static final Affinity NONE = new Affinity("", "", Duration.ZERO, List.of());
    public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(1);

    public Affinity {
        attributes = List.copyOf(attributes);
    }

    public boolean isWanted() {
        return !cookie.isEmpty();
    }
}
