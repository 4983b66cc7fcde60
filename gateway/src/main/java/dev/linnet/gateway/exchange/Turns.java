package dev.linnet.gateway.exchange;

import dev.linnet.gateway.balance.Balancer;
import dev.linnet.gateway.balance.Candidates;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Scheduler;
import java.util.random.RandomGenerator;

/** How one event loop goes through the endpoints of a Service, for all routes that want it the same way. */
final class Turns {
    private final LiveEndpoints endpoints;
    private final Balancing said;
    private final RandomGenerator random;
    private Scheduler ofService;
    private Balancer balancer;

    Turns(LiveEndpoints endpoints, Balancing said, RandomGenerator random) {
        this.endpoints = endpoints;
        this.said = said;
        this.random = random;
        this.ofService = endpoints.scheduler();
        this.balancer = Balancer.of(said, ofService, random);
    }

    LiveEndpoints endpoints() {
        return endpoints;
    }

    Candidates ready() {
        return endpoints.candidates();
    }

    /** A new one when the Service has other wishes. */
    Balancer balancer() {
        Scheduler now = endpoints.scheduler();
        if (now != ofService) {
            ofService = now;
            balancer = Balancer.of(said, now, random);
        }
        return balancer;
    }
}
