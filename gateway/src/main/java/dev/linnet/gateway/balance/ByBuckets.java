package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.List;

/** By a table of buckets, {@code sh} by the client and {@code dh} by the host. Where an endpoint has failed, its clients go to the next. */
final class ByBuckets implements Balancer {
    private final Key key;

    ByBuckets(Key key) {
        this.key = key;
    }

    @Override
    public int next(Candidates ready, List<Endpoint> tried, int hash, long now) {
        Buckets buckets = ready.buckets();
        if (!tried.isEmpty()) {
            for (int offset = 0; offset < buckets.size(); offset++) {
                int owner = buckets.owner(hash, offset);
                if (!tried.contains(ready.get(owner))) {
                    return owner;
                }
            }
        }
        return buckets.owner(hash, 0);
    }

    @Override
    public Key keyed() {
        return key;
    }
}
