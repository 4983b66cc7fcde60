package dev.linnet.gateway.net;

import dev.linnet.gateway.tls.HandshakeFailure;
import java.util.EnumMap;
import java.util.Map;

/**
 * The connections of clients at one moment, and what became of those before, counted as nginx counts them.
 *
 * @param accepted ever
 * @param handled  of these: the others were too many
 * @param states   of those that there are, how many are in which state
 * @param failed   handshakes that have failed, by reason
 */
public record Connections(long accepted, long handled, Map<State, Integer> states, Map<HandshakeFailure, Long> failed) {
    public static final Connections NONE = new Connections(0, 0, Map.of(), Map.of());

    /** What the gateway does on a connection. */
    public enum State {
        /** A handshake or the head of a request is on its way. */
        READING,
        /** A request is being answered. */
        WRITING,
        /** Nothing is under way. */
        WAITING
    }

    Connections plus(Connections other) {
        Map<State, Integer> all = new EnumMap<>(State.class);
        all.putAll(states);
        other.states.forEach((state, count) -> all.merge(state, count, Integer::sum));
        Map<HandshakeFailure, Long> failures = new EnumMap<>(HandshakeFailure.class);
        failures.putAll(failed);
        other.failed.forEach((why, count) -> failures.merge(why, count, Long::sum));
        return new Connections(accepted + other.accepted, handled + other.handled, all, failures);
    }
}
