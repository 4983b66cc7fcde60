package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.Door;
import dev.linnet.routing.SecretRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A listener of one of our Gateways (spec §6.3).
 *
 * @param where        {@code spec.listeners[0]}
 * @param takesRoutes  whether HTTPRoutes may attach at all
 * @param admits       namespaces, by name, whose routes may
 * @param certificates to be shown; only those that may be
 * @param unaccepted   why it is not served
 * @param unresolved   what it refers to in vain
 * @param conflict     why it cannot stand beside another one
 */
record Listener(
        String name,
        String where,
        Door door,
        Hostname hostname,
        boolean takesRoutes,
        Predicate<String> admits,
        List<SecretRef> certificates,
        List<Objection> unaccepted,
        List<Objection> unresolved,
        Optional<Objection> conflict) {

    Listener {
        certificates = List.copyOf(certificates);
        unaccepted = List.copyOf(unaccepted);
        unresolved = List.copyOf(unresolved);
    }

    int port() {
        return door.port();
    }

    /** Whether it speaks TLS. */
    boolean secure() {
        return door.secure();
    }

    /** One that cannot stand beside another one; neither can be served. */
    Listener conflicting(Objection with) {
        return new Listener(
                name,
                where,
                door,
                hostname,
                takesRoutes,
                admits,
                certificates,
                Stream.concat(unaccepted.stream(), Stream.of(with)).toList(),
                unresolved,
                Optional.of(with));
    }

    boolean isAccepted() {
        return unaccepted.isEmpty();
    }

    /** Whether requests are served. */
    boolean isProgrammed() {
        return isAccepted() && takesRoutes && (!secure() || !certificates.isEmpty());
    }

    Stream<Objection> objections() {
        return Stream.concat(unaccepted.stream(), unresolved.stream());
    }

    /**
     * What its status says.
     *
     * @param overlapping another listener over TLS that has hosts in common with it
     */
    ListenerStatus status(int attachedRoutes, Optional<Listener> overlapping) {
        List<Condition> conditions = new ArrayList<>(List.of(
                Objection.condition(Condition.ACCEPTED, unaccepted, "The listener is served"),
                conflict.map(with -> new Condition(Condition.CONFLICTED, true, with.reason(), with.text()))
                        .orElseGet(() ->
                                Condition.no(Condition.CONFLICTED, "NoConflicts", "No other listener is in its way")),
                Objection.condition(Condition.RESOLVED_REFS, unresolved, "All that it refers to is there"),
                isProgrammed()
                        ? Condition.yes(Condition.PROGRAMMED, "The gateway serves it")
                        : Condition.no(
                                Condition.PROGRAMMED, "Invalid", "Its other conditions say why it is not served")));
        overlapping.ifPresent(other -> conditions.add(new Condition(
                Condition.OVERLAPPING_TLS,
                true,
                "OverlappingHostnames",
                "Listener " + other.name
                        + " has hosts in common with it: requests for its hosts over connections that were made for"
                        + " hosts of other listeners are answered 421")));
        return new ListenerStatus(name, takesRoutes, attachedRoutes, conditions);
    }

    /**
     * The status of a listener.
     *
     * @param takesRoutes whether {@code supportedKinds} has HTTPRoute, or nothing
     */
    record ListenerStatus(String name, boolean takesRoutes, int attachedRoutes, List<Condition> conditions) {
        ListenerStatus {
            conditions = List.copyOf(conditions);
        }
    }
}
