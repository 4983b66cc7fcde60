package dev.linnet.samples.podinfo;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests under the metric names of podinfo, so that its dashboards and autoscalers find them. */
final class Requests {
    /** Upper bounds in seconds: the defaults of Prometheus' Go client, which podinfo takes. */
    private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private final Map<Key, Histogram> histograms = new ConcurrentSkipListMap<>();

    private record Key(String method, String path, int status) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byPath = path.compareTo(other.path);
            int byMethod = byPath != 0 ? byPath : method.compareTo(other.method);
            return byMethod != 0 ? byMethod : Integer.compare(status, other.status);
        }
    }

    /** The last bucket counts what is above all bounds. */
    private static final class Histogram {
        private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);
        private final LongAdder nanos = new LongAdder();

        void add(Duration took) {
            double seconds = took.toNanos() / 1e9;
            int bucket = 0;
            while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
                bucket++;
            }
            buckets.incrementAndGet(bucket);
            nanos.add(took.toNanos());
        }

        long count() {
            long count = 0;
            for (int i = 0; i < buckets.length(); i++) {
                count += buckets.get(i);
            }
            return count;
        }
    }

    /** @param path name of the route, never what a client sent: series must not grow with traffic */
    void count(String method, String path, int status, Duration took) {
        histograms
                .computeIfAbsent(new Key(method, path, status), _ -> new Histogram())
                .add(took);
    }

    /** The Prometheus text format, version 0.0.4. */
    String text() {
        StringBuilder text = new StringBuilder(2048);
        text.append("# HELP http_request_duration_seconds Seconds spent serving HTTP requests.\n")
                .append("# TYPE http_request_duration_seconds histogram\n");
        Map<Integer, Long> byStatus = new TreeMap<>();
        histograms.forEach((key, histogram) -> {
            append(text, key, histogram);
            byStatus.merge(key.status, histogram.count(), Long::sum);
        });
        text.append("# HELP http_requests_total The total number of HTTP requests.\n")
                .append("# TYPE http_requests_total counter\n");
        byStatus.forEach((status, count) -> text.append("http_requests_total{status=\"")
                .append(status)
                .append("\"} ")
                .append(count)
                .append('\n'));
        return text.toString();
    }

    private static void append(StringBuilder text, Key key, Histogram histogram) {
        String labels = "method=\"" + key.method + "\",path=\"" + key.path + "\",status=\"" + key.status + "\"";
        String name = "http_request_duration_seconds";
        long count = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            count += histogram.buckets.get(i);
            String bound = BOUNDS[i] == Math.rint(BOUNDS[i]) ? Integer.toString((int) BOUNDS[i]) : "" + BOUNDS[i];
            text.append(name + "_bucket{" + labels + ",le=\"" + bound + "\"} " + count + "\n");
        }
        count += histogram.buckets.get(BOUNDS.length);
        text.append(name + "_bucket{" + labels + ",le=\"+Inf\"} " + count + "\n");
        text.append(name + "_sum{" + labels + "} " + histogram.nanos.sum() / 1e9 + "\n");
        text.append(name + "_count{" + labels + "} " + count + "\n");
    }
}
