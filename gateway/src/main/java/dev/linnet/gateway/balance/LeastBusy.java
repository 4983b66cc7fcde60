package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.List;

/**
 * The endpoint with the fewest requests in flight; of several, the next in turn, so that idle endpoints share what comes one by one. As all
 * weigh the same, this is also the shortest expected delay, and never queues where somebody is idle.
 */
final class LeastBusy implements Balancer {
    private int start;

    LeastBusy(int start) {
        this.start = start;
    }

    @Override
    public int next(Candidates ready, List<Endpoint> tried, int key, long now) {
        int size = ready.size();
        int first = Math.floorMod(start++, size);
        int best = -1;
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            int candidate = first + i < size ? first + i : first + i - size;
            int busy = ready.load(candidate).inFlight();
            if (busy < fewest && (tried.isEmpty() || !tried.contains(ready.get(candidate)))) {
                best = candidate;
                fewest = busy;
            }
        }
        return best < 0 ? first : best;
    }

    @Override
    public Key keyed() {
        return Key.NOTHING;
    }

    @Override
    public boolean countsLoad() {
        return true;
    }
}
