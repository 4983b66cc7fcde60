package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The {@link Load} of each endpoint, whichever Services lead to it, for as long as one does. Thread-safe; never used by event loops. */
public final class Loads {
    private final Map<Endpoint, Shared> known = new HashMap<>();

    private record Shared(Load load, int users) {}

    /** One more Service leads there. */
    public synchronized Load enter(Endpoint endpoint) {
        return known.merge(endpoint, new Shared(new Load(), 1), (old, _) -> new Shared(old.load, old.users + 1)).load;
    }

    /** What {@link Load#inFlight} says of an endpoint, 0 if no Service leads there. */
    public synchronized int inFlight(Endpoint endpoint) {
        Shared shared = known.get(endpoint);
        return shared == null ? 0 : shared.load.inFlight();
    }

    /** One Service less leads to each of them. */
    public synchronized void leave(Collection<Endpoint> endpoints) {
        endpoints.forEach(endpoint -> known.computeIfPresent(
                endpoint, (_, old) -> old.users == 1 ? null : new Shared(old.load, old.users - 1)));
    }
}
