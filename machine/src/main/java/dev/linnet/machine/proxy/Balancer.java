package dev.linnet.machine.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says in which order a new connection tries the endpoints of a frontend: each endpoint in turn, or the caller's own. */
final class Balancer {

    /** So many callers are remembered for affinity; the one that was away longest is forgotten first. */
    private static final int REMEMBERED_CALLERS = 10_000;

    private record Choice(InetSocketAddress endpoint, Instant last) {}

    private final InstantSource clock;
    private final Map<InetAddress, Choice> choices = new LinkedHashMap<>(16, 0.75f, true);
    private Backends backends;
    private int turn;

    Balancer(Backends backends, InstantSource clock) {
        this.backends = backends;
        this.clock = clock;
    }

    /** From now on these. Connections that exist are not touched. */
    synchronized void use(Backends newBackends) {
        backends = newBackends;
    }

    synchronized Backends backends() {
        return backends;
    }

    /** All endpoints, the one to try first in front. Empty when nobody serves. */
    synchronized List<InetSocketAddress> order(InetAddress caller) {
        List<InetSocketAddress> ready = backends.ready();
        if (ready.isEmpty()) {
            return List.of();
        }
        Optional<InetSocketAddress> earlier = backends.affinity().flatMap(timeout -> remembered(caller, timeout));
        int first = earlier.map(ready::indexOf).orElse(-1);
        if (first < 0) {
            turn = (turn + 1) % ready.size();
            first = turn;
        }
        List<InetSocketAddress> order = new ArrayList<>(ready.subList(first, ready.size()));
        order.addAll(ready.subList(0, first));
        return order;
    }

    private Optional<InetSocketAddress> remembered(InetAddress caller, Duration timeout) {
        Choice choice = choices.get(caller);
        if (choice == null || choice.last().plus(timeout).isBefore(clock.instant())) {
            return Optional.empty();
        }
        return Optional.of(choice.endpoint());
    }

    /** Remembers where a caller was sent, if this Service wants that. */
    synchronized void connected(InetAddress caller, InetSocketAddress endpoint) {
        if (backends.affinity().isEmpty()) {
            choices.clear();
            return;
        }
        choices.put(caller, new Choice(endpoint, clock.instant()));
        if (choices.size() > REMEMBERED_CALLERS) {
            choices.remove(choices.keySet().iterator().next());
        }
    }
}
