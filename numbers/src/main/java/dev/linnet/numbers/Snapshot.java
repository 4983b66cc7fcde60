package dev.linnet.numbers;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a gateway has counted since it started, in the shape that {@code /linnet/v1/snapshot} serves. Counters only grow, so merging
 * gateways is addition and a rate is a difference.
 *
 * @param gateway which gateway
 * @param started since when it counts
 * @param at      when this was read
 * @param applied the versions of the objects that the routes in force were compiled from: {@code kind/ns/name} to resourceVersion
 * @param series  one entry for each series that has had traffic, in a stable order
 */
public record Snapshot(
        String gateway, Instant started, Instant at, Map<String, String> applied, List<SeriesCounts> series) {

    public Snapshot {
        applied = Map.copyOf(applied);
        series = List.copyOf(series);
    }

    /**
     * The counters of one series.
     *
     * @param status   requests by status class: {@code 2xx} to {@code 5xx}
     * @param failures exchanges that did not end as they should, by kind
     * @param latency  durations of whole requests
     */
    public record SeriesCounts(
            String route,
            String side,
            String service,
            Map<String, Long> status,
            Map<String, Long> failures,
            Latency latency) {

        public SeriesCounts {
            status = new TreeMap<>(status);
            failures = new TreeMap<>(failures);
        }

        private List<String> identity() {
            return List.of(route, side, service);
        }

        private SeriesCounts on(String otherRoute) {
            return new SeriesCounts(otherRoute, side, service, status, failures, latency);
        }

        private SeriesCounts plus(SeriesCounts other) {
            return new SeriesCounts(
                    route,
                    side,
                    service,
                    sum(status, other.status),
                    sum(failures, other.failures),
                    latency.plus(other.latency));
        }

        private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
            Map<String, Long> sum = new TreeMap<>(one);
            other.forEach((key, count) -> sum.merge(key, count, Long::sum));
            return sum;
        }
    }

    /**
     * A histogram, not cumulative.
     *
     * @param le    upper limits in seconds, without the last, which is infinity
     * @param count requests in each bucket, one more than {@code le}
     * @param sum   seconds in all
     */
    public record Latency(List<Double> le, List<Long> count, double sum) {
        public Latency {
            le = List.copyOf(le);
            count = List.copyOf(count);
            if (count.size() != le.size() + 1) {
                throw new IllegalArgumentException(
                        "count has " + count.size() + " buckets (expected: " + (le.size() + 1) + ")");
            }
        }

        /** Both together; they must have the same limits. */
        public Latency plus(Latency other) {
            if (!le.equals(other.le)) {
                throw new IllegalArgumentException("le is " + other.le + " (expected: " + le + ")");
            }
            List<Long> sums = new ArrayList<>();
            for (int i = 0; i < count.size(); i++) {
                sums.add(count.get(i) + other.count.get(i));
            }
            return new Latency(le, sums, sum + other.sum);
        }
    }

    /** The snapshot form of a reading. Series that differ only in labels for Prometheus are one here. */
    public static Snapshot of(
            String gateway, Instant started, Instant at, Map<String, String> applied, Reading reading) {
        List<SeriesCounts> counts = new ArrayList<>();
        reading.entries().forEach((series, entry) -> counts.add(counts(series, entry, reading.layout())));
        return new Snapshot(gateway, started, at, applied, merged(counts));
    }

    private static SeriesCounts counts(Series series, Reading.Entry entry, Layout layout) {
        Map<String, Long> status = new TreeMap<>();
        entry.rows.forEach((key, row) -> status.merge(key.status() / 100 + "xx", row[Layout.REQUESTS], Long::sum));
        Map<String, Long> failures = new TreeMap<>();
        entry.failures().forEach((failure, count) -> failures.put(failure.label(), count));
        return new SeriesCounts(
                series.route(), series.side(), series.backend(), status, failures, latency(entry.total(), layout));
    }

    private static Latency latency(long[] row, Layout layout) {
        Layout.Histogram histogram = layout.of(Measure.REQUEST_DURATION);
        List<Long> count = new ArrayList<>();
        for (int i = 0; i < histogram.buckets(); i++) {
            count.add(row[histogram.bucket(i)]);
        }
        return new Latency(histogram.limits(), count, histogram.shown(row[histogram.sum()]));
    }

    /** Both together, as if one gateway had served it all: since the earlier start, as of the later reading. */
    public Snapshot plus(Snapshot other) {
        List<SeriesCounts> all = new ArrayList<>(series);
        all.addAll(other.series);
        Map<String, String> both = new TreeMap<>(applied);
        both.keySet().retainAll(other.applied.keySet());
        both.entrySet().removeIf(entry -> !entry.getValue().equals(other.applied.get(entry.getKey())));
        return new Snapshot(
                gateway.equals(other.gateway) ? gateway : gateway + "," + other.gateway,
                started.isBefore(other.started) ? started : other.started,
                at.isAfter(other.at) ? at : other.at,
                both,
                merged(all));
    }

    /** This snapshot with only the series that are different in an earlier one. */
    public Snapshot changedSince(Snapshot earlier) {
        List<SeriesCounts> changed = series.stream()
                .filter(counts -> !earlier.series.contains(counts))
                .toList();
        return new Snapshot(gateway, started, at, applied, changed);
    }

    /**
     * What is believed of this snapshot if a gateway tells it that stands in somebody's namespace. Who has taken its place can say what he likes of
     * requests to Services there, and nothing of those of others, nor of Ingresses' routes. Which versions of objects it obeys stays as it is.
     */
    public Snapshot inside(String namespace) {
        String own = namespace + "/";
        return new Snapshot(
                own + gateway,
                started,
                at,
                applied,
                series.stream()
                        .filter(counts -> counts.service().startsWith(own))
                        .map(counts -> counts.on(own + counts.route()))
                        .toList());
    }

    /** This snapshot with only the series of one route. */
    public Snapshot ofRoute(String route) {
        return new Snapshot(
                gateway,
                started,
                at,
                applied,
                series.stream().filter(counts -> counts.route().equals(route)).toList());
    }

    private static List<SeriesCounts> merged(List<SeriesCounts> counts) {
        Map<List<String>, SeriesCounts> merged = new LinkedHashMap<>();
        counts.forEach(count -> merged.merge(count.identity(), count, SeriesCounts::plus));
        return merged.values().stream()
                .sorted(Comparator.comparing(count -> String.join("\n", count.identity())))
                .toList();
    }
}
