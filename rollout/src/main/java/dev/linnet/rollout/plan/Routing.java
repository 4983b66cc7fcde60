package dev.linnet.rollout.plan;

import java.util.Set;

/**
 * Who routes, and what it can do.
 *
 * @param provider  as in {@code spec.provider}: {@code nginx}, {@code istio}, {@code gatewayapi:v1}, {@code knative},
 *                  {@code kubernetes}
 * @param abilities what it can do with traffic; empty for {@code kubernetes}, which routes nothing
 */
public record Routing(String provider, Set<Ability> abilities) {

    /** What a provider can do with traffic. */
    public enum Ability {
        /** Give each version its share. */
        SPLIT,
        /** Send the requests that match headers or cookies to one version. */
        MATCH,
        /** Give each version its share of the requests that match. */
        SPLIT_MATCH,
        /** Copy requests to the canary before a weighted release gives it traffic. */
        MIRROR_BEFORE_STEPS,
        /** Copy requests to the canary during Blue/Green. */
        MIRROR_BLUE_GREEN,
        /** Keep users at their version by a cookie. */
        AFFINITY
    }

    public Routing {
        abilities = Set.copyOf(abilities);
    }

    public boolean can(Ability ability) {
        return abilities.contains(ability);
    }
}
