package dev.linnet.gateway.exchange;

import dev.linnet.routing.Endpoint;
import java.util.List;

/** The ready endpoints of one Service port. Whoever follows the cluster replaces them; event loops read. */
public final class LiveEndpoints {
    private volatile List<Endpoint> ready = List.of();

    public List<Endpoint> ready() {
        return ready;
    }

    /** Replaces them all. */
    public void replace(List<Endpoint> now) {
        ready = List.copyOf(now);
    }
}
