package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.util.List;
import java.util.random.RandomGenerator;

/** The faster of two random endpoints, by an average that forgets: ingress-nginx's {@code ewma} (§3.2). */
final class Fastest implements Balancer {
    private final RandomGenerator random;

    Fastest(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public int next(Candidates ready, List<Endpoint> tried, int key, long now) {
        int size = ready.size();
        if (size == 1) {
            return 0;
        }
        int left = tried.isEmpty() ? size : untried(ready, tried);
        if (left == 0 || left == size) {
            int one = random.nextInt(size);
            int other = random.nextInt(size - 1);
            return faster(ready, one, other < one ? other : other + 1, now);
        }
        int one = random.nextInt(left);
        int other = left == 1 ? one : random.nextInt(left - 1);
        int second = left == 1 || other < one ? other : other + 1;
        return faster(ready, nth(ready, tried, one), nth(ready, tried, second), now);
    }

    private static int untried(Candidates ready, List<Endpoint> tried) {
        int count = 0;
        for (int i = 0; i < ready.size(); i++) {
            count += tried.contains(ready.get(i)) ? 0 : 1;
        }
        return count;
    }

    /** The n-th of those that were not tried. */
    private static int nth(Candidates ready, List<Endpoint> tried, int n) {
        int at = -1;
        for (int left = n; left >= 0; left--) {
            at++;
            while (tried.contains(ready.get(at))) {
                at++;
            }
        }
        return at;
    }

    private static int faster(Candidates ready, int one, int other, long now) {
        return ready.load(one).score(now) <= ready.load(other).score(now) ? one : other;
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
