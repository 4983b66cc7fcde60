package dev.linnet.controller.metrics;

import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.Snapshot.SeriesCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What happened to one version's requests between two readings.
 *
 * @param requests all of them
 * @param failed   those that were answered 5xx
 * @param le       upper limits of the buckets in seconds, without infinity
 * @param counts   requests in each bucket
 * @param seconds  they took in all
 */
record Window(long requests, long failed, List<Double> le, List<Long> counts, double seconds) {
    static final Window NONE = new Window(0, 0, List.of(), List.of(), 0);

    Window {
        le = List.copyOf(le);
        counts = List.copyOf(counts);
    }

    /** Everything that a gateway has counted of it. */
    static Window of(Snapshot snapshot, Version version) {
        Window sum = NONE;
        for (SeriesCounts series : snapshot.series()) {
            if (version.has(series)) {
                sum = sum.plus(of(series));
            }
        }
        return sum;
    }

    private static Window of(SeriesCounts series) {
        long requests =
                series.status().values().stream().mapToLong(Long::longValue).sum();
        return new Window(
                requests,
                series.status().getOrDefault("5xx", 0L),
                series.latency().le(),
                series.latency().count(),
                series.latency().sum());
    }

    Window plus(Window other) {
        return other.counts.isEmpty() ? this : counts.isEmpty() ? other : combined(other, 1);
    }

    /** What came after an earlier reading of the same gateway. */
    Window since(Window earlier) {
        return earlier.counts.isEmpty() ? this : combined(earlier, -1);
    }

    private Window combined(Window other, int sign) {
        List<Long> sums = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            sums.add(counts.get(i) + sign * other.counts.get(i));
        }
        return new Window(
                requests + sign * other.requests,
                failed + sign * other.failed,
                le,
                sums,
                seconds + sign * other.seconds);
    }

    /** Percent of requests that did not fail. */
    double successRate() {
        return 100.0 * (requests - failed) / requests;
    }

    /** Milliseconds that one request took on average, as Flagger judges ingress-nginx. */
    double meanMillis() {
        return 1000 * seconds / requests;
    }

    /** Whose requests. */
    sealed interface Version {
        boolean has(SeriesCounts series);

        /**
         * Of routes that an Ingress makes.
         *
         * @param route  what their names begin with: {@code test/podinfo }
         * @param canary whether it is the canary
         */
        record OfRoute(String route, boolean canary) implements Version {
            @Override
            public boolean has(SeriesCounts series) {
                return series.route().startsWith(route) && series.side().equals(canary ? "canary" : "primary");
            }
        }

        /**
         * Whichever route they took, copies of a mirror included: so it is seen where several routes lead to one version.
         *
         * @param services as {@code namespace/name}
         */
        record OfServices(Set<String> services) implements Version {
            public OfServices {
                services = Set.copyOf(services);
            }

            @Override
            public boolean has(SeriesCounts series) {
                int colon = series.service().indexOf(':');
                return colon > 0 && services.contains(series.service().substring(0, colon));
            }
        }
    }
}
