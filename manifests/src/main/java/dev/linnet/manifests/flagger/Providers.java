package dev.linnet.manifests.flagger;

import dev.linnet.rollout.plan.Routing;
import dev.linnet.rollout.plan.Routing.Ability;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The routing providers that a Canary can name, and what each can do with traffic. */
public final class Providers {
    private static final Map<String, Set<Ability>> KNOWN = new TreeMap<>(Map.of(
            "istio", Set.of(Ability.SPLIT, Ability.MATCH, Ability.MIRROR_BEFORE_STEPS, Ability.MIRROR_BLUE_GREEN),
            "kubernetes", Set.of(),
            "nginx", Set.of(Ability.SPLIT, Ability.MATCH)));

    private Providers() {}

    /** Empty for one that is not there. */
    public static Optional<Routing> named(String provider) {
        return Optional.ofNullable(KNOWN.get(provider)).map(abilities -> new Routing(provider, abilities));
    }

    /** Their names, for messages. */
    public static String names() {
        return String.join(", ", KNOWN.keySet());
    }
}
