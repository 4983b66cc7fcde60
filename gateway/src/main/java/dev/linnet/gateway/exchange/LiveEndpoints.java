package dev.linnet.gateway.exchange;

import dev.linnet.gateway.balance.Candidates;
import dev.linnet.gateway.balance.Loads;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.policy.Scheduler;
import java.util.List;

/** The ready endpoints of one Service port. Whoever follows the cluster replaces them; event loops read. */
public final class LiveEndpoints {
    private volatile Candidates candidates = Candidates.NONE;
    private volatile Scheduler scheduler = Scheduler.RR;

    public List<Endpoint> ready() {
        return candidates.endpoints();
    }

    /** The same, with what balancers make of them. */
    Candidates candidates() {
        return candidates;
    }

    /** How to choose, where a route does not say. */
    Scheduler scheduler() {
        return scheduler;
    }

    /**
     * Replaces them all. For one writer at a time.
     *
     * @param loads keeps what is known of each
     */
    public void replace(List<Endpoint> now, Loads loads) {
        Candidates before = candidates;
        candidates = before.successor(now, loads::enter, System.nanoTime());
        loads.leave(before.endpoints());
    }

    public void schedule(Scheduler other) {
        scheduler = other;
    }
}
