package dev.linnet.gateway.exchange;

import dev.linnet.routing.Endpoint;
import java.util.List;

/** One event loop's turn through the endpoints of a Service. Loops begin anywhere, so that they do not march in step. */
final class Rotation {
    private final LiveEndpoints endpoints;
    private int next;

    Rotation(LiveEndpoints endpoints, int start) {
        this.endpoints = endpoints;
        this.next = start;
    }

    List<Endpoint> ready() {
        return endpoints.ready();
    }

    /** The next endpoint; one that was tried only if all were. */
    Endpoint next(List<Endpoint> ready, List<Endpoint> tried) {
        int size = ready.size();
        for (int i = 0; i < size; i++) {
            Endpoint candidate = ready.get(Math.floorMod(next++, size));
            if (!tried.contains(candidate)) {
                return candidate;
            }
        }
        return ready.get(Math.floorMod(next++, size));
    }
}
