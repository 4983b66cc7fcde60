package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.List;

/** By the client's address and Maglev's table. Where an endpoint has failed, its clients go to others. */
final class ByMaglev implements Balancer {
    @Override
    public int next(Candidates ready, List<Endpoint> tried, int key, long now) {
        Maglev table = ready.maglev();
        long hash = Hash.mix(key);
        if (!tried.isEmpty()) {
            for (int offset = 0; offset < Maglev.SIZE; offset++) {
                int owner = table.owner(hash, offset);
                if (!tried.contains(ready.get(owner))) {
                    return owner;
                }
            }
        }
        return table.owner(hash, 0);
    }

    @Override
    public Key keyed() {
        return Key.CLIENT;
    }
}
