package dev.linnet.manifests.gatewayapi;

import java.util.List;
import java.util.Optional;

/**
 * A Gateway of ours, read (spec §6.3).
 *
 * @param unaccepted why it is not served at all
 */
record EdgeGateway(GatewayApiObject object, List<Listener> listeners, List<Objection> unaccepted) {
    private static final String NOT_VALID = "ListenersNotValid";

    EdgeGateway {
        listeners = List.copyOf(listeners);
        unaccepted = List.copyOf(unaccepted);
    }

    /** Those that requests can come in by. */
    List<Listener> served() {
        return listeners.stream().filter(this::serves).toList();
    }

    /** @param listener of its own */
    boolean serves(Listener listener) {
        return unaccepted.isEmpty() && listener.isProgrammed();
    }

    /** One of its listeners over TLS that has hosts in common with this one, so that connections for either may be used for both. */
    Optional<Listener> overlapping(Listener listener) {
        return listeners.stream()
                .filter(other -> listener.secure()
                        && other.door().equals(listener.door())
                        && !other.name().equals(listener.name())
                        && other.hostname().and(listener.hostname()).isPresent())
                .findFirst();
    }

    List<Condition> conditions() {
        return List.of(accepted(), programmed());
    }

    private Condition accepted() {
        if (!unaccepted.isEmpty()) {
            return Objection.condition(Condition.ACCEPTED, unaccepted, "");
        }
        long valid = listeners.stream().filter(Listener::isAccepted).count();
        if (valid == listeners.size()) {
            return Condition.yes(Condition.ACCEPTED, "Linnet serves it");
        }
        return new Condition(
                Condition.ACCEPTED,
                valid > 0,
                NOT_VALID,
                listeners.size() - valid + " of " + listeners.size()
                        + " listeners cannot be served, as their conditions say");
    }

    private Condition programmed() {
        return served().isEmpty()
                ? Condition.no(Condition.PROGRAMMED, "Invalid", "None of its listeners is served")
                : Condition.yes(Condition.PROGRAMMED, "The gateway serves it");
    }
}
