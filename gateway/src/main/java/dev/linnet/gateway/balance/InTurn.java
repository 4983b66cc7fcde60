package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.List;

/** Endpoints take turns. Loops begin anywhere, so that they do not march in step. */
final class InTurn implements Balancer {
    private int next;

    InTurn(int start) {
        this.next = start;
    }

    @Override
    public int next(Candidates ready, List<Endpoint> tried, int key, long now) {
        int size = ready.size();
        for (int i = 0; i < size; i++) {
            int candidate = Math.floorMod(next++, size);
            if (tried.isEmpty() || !tried.contains(ready.get(candidate))) {
                return candidate;
            }
        }
        return Math.floorMod(next++, size);
    }

    @Override
    public Key keyed() {
        return Key.NOTHING;
    }
}
