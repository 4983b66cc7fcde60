package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.List;
import java.util.random.RandomGenerator;

/** By the ring to a few endpoints, and by chance to one of them that was not tried. */
final class BySubset implements Balancer {
    private final int size;
    private final RandomGenerator random;

    BySubset(int size, RandomGenerator random) {
        this.size = size;
        this.random = random;
    }

    @Override
    public int next(Candidates ready, List<Endpoint> tried, int key, long now) {
        Subsets subsets = ready.subsets(size);
        int set = subsets.set(key);
        int start = random.nextInt(size);
        for (int i = 0; i < size; i++) {
            int member = subsets.member(set, (start + i) % size);
            if (tried.isEmpty() || !tried.contains(ready.get(member))) {
                return member;
            }
        }
        return subsets.member(set, start);
    }

    @Override
    public Key keyed() {
        return Key.EXPRESSION;
    }
}
