package dev.linnet.manifests.gatewayapi;

import dev.linnet.routing.Rule.Limits;
import java.util.Optional;

/**
 * From where a route is served.
 *
 * @param namespace the only one whose Services are known there; empty for all
 * @param limits    where a rule has no timeouts
 */
record Standpoint(Optional<String> namespace, Limits limits) {
    static final Standpoint OUTSIDE = new Standpoint(Optional.empty(), Limits.DEFAULT);

    /** Inside the cluster, by the gateways of one namespace. */
    static Standpoint inside(String namespace) {
        return new Standpoint(Optional.of(namespace), Limits.INSIDE);
    }

    /** Whose own Services callers may ask anyway, whatever is granted. */
    boolean isInside() {
        return namespace.isPresent();
    }

    boolean knows(String other) {
        return namespace.filter(only -> !only.equals(other)).isEmpty();
    }
}
