package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.List;

/** By the ring. What was tried does not count: as in ingress-nginx, the same key means the same endpoint, also for a second try. */
final class ByRing implements Balancer {
    @Override
    public int next(Candidates ready, List<Endpoint> tried, int key, long now) {
        return ready.ring().owner(key);
    }

    @Override
    public Key keyed() {
        return Key.EXPRESSION;
    }
}
