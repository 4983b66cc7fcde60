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
            "gatewayapi:v1",
                    Set.of(
                            Ability.SPLIT,
                            Ability.MATCH,
                            Ability.SPLIT_MATCH,
                            Ability.MIRROR_BLUE_GREEN,
                            Ability.AFFINITY),
            "istio", Set.of(Ability.values()),
            "knative", Set.of(Ability.SPLIT),
            "kubernetes", Set.of(),
            "nginx", Set.of(Ability.SPLIT, Ability.MATCH)));

    private Providers() {}

    /** Names of the same objects in an older version, which every API server has in the newer one too. */
    private static final Map<String, String> OLDER = Map.of("gatewayapi:v1beta1", "gatewayapi:v1");

    /** Empty for one that is not there. */
    public static Optional<Routing> named(String name) {
        String provider = OLDER.getOrDefault(name, name);
        return Optional.ofNullable(KNOWN.get(provider)).map(abilities -> new Routing(provider, abilities));
    }

    /** What to use instead of one that is not there. */
    static String instead(String provider) {
        String name = provider.replaceFirst(":.*", "");
        return switch (name) {
            case "traefik", "contour", "gloo", "skipper", "apisix" ->
                "is not here yet (expected: nginx with an ingressRef, whose Ingress Linnet's gateway serves)";
            case "gatewayapi" -> "is unknown (expected: gatewayapi:v1)";
            case "linkerd" ->
                "is not here yet (expected: gatewayapi:v1 with a Service as gatewayRef, which today's Linkerd obeys)";
            case "smi", "osm", "kuma" ->
                "is not here yet (expected: kubernetes for Blue/Green without routes, or nginx at the edge)";
            case "appmesh" -> "has ended (expected: one of " + names() + ")";
            default -> "is unknown (expected: one of " + names() + ")";
        };
    }

    /** Their names, for messages. */
    public static String names() {
        return String.join(", ", KNOWN.keySet());
    }
}
