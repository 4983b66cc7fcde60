package dev.linnet.numbers;

import dev.linnet.numbers.Snapshot.SeriesCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Requests that belong together, added up.
 *
 * @param failed   those that were answered 5xx
 * @param le       upper limits of the buckets in seconds, without infinity
 * @param counts   requests in each bucket
 * @param seconds  they took in all
 */
public record Sum(long requests, long failed, List<Double> le, List<Long> counts, double seconds) {
    public static final Sum NONE = new Sum(0, 0, List.of(), List.of(), 0);

    public Sum {
        le = List.copyOf(le);
        counts = List.copyOf(counts);
    }

    public static Sum of(SeriesCounts series) {
        long requests =
                series.status().values().stream().mapToLong(Long::longValue).sum();
        return new Sum(
                requests,
                series.status().getOrDefault("5xx", 0L),
                series.latency().le(),
                series.latency().count(),
                series.latency().sum());
    }

    /** Those in what a gateway has counted that are of interest: of a version, say. */
    public static Sum of(Snapshot snapshot, Predicate<SeriesCounts> wanted) {
        Sum sum = NONE;
        for (SeriesCounts series : snapshot.series()) {
            if (wanted.test(series)) {
                sum = sum.plus(of(series));
            }
        }
        return sum;
    }

    public Sum plus(Sum other) {
        return other.counts.isEmpty() ? this : counts.isEmpty() ? other : combined(other, 1);
    }

    /** What came after an earlier reading. Counters only grow: less than before means another gateway, whose count begins anew. */
    public Sum since(Sum earlier) {
        return earlier.counts.isEmpty() || earlier.requests > requests || !earlier.le.equals(le)
                ? this
                : combined(earlier, -1);
    }

    private Sum combined(Sum other, int sign) {
        List<Long> sums = new ArrayList<>(counts);
        if (le.equals(other.le)) {
            for (int i = 0; i < sums.size(); i++) {
                sums.set(i, counts.get(i) + sign * other.counts.get(i));
            }
        }
        return new Sum(
                requests + sign * other.requests,
                failed + sign * other.failed,
                le,
                sums,
                seconds + sign * other.seconds);
    }

    /** Percent that did not fail; NaN if there is nothing to measure. */
    public double successRate() {
        return requests == 0 ? Double.NaN : 100.0 * (requests - failed) / requests;
    }

    /** Milliseconds that one request took on average, as Flagger judges ingress-nginx; NaN if there is nothing to measure. */
    public double meanMillis() {
        return requests == 0 ? Double.NaN : 1000 * seconds / requests;
    }

    /**
     * Milliseconds within which this share of the requests was answered, interpolated within a bucket as Prometheus does; NaN if
     * there is nothing to measure.
     *
     * @param share 0 to 1
     */
    public double quantileMillis(double share) {
        long all = counts.stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return Double.NaN;
        }
        double rank = share * all;
        double below = 0;
        for (int i = 0; i < le.size(); i++) {
            double here = counts.get(i);
            if (below + here >= rank && here > 0) {
                double from = i == 0 ? 0 : le.get(i - 1);
                return 1000 * (from + (le.get(i) - from) * (rank - below) / here);
            }
            below += here;
        }
        return le.isEmpty() ? Double.NaN : 1000 * le.getLast();
    }
}
