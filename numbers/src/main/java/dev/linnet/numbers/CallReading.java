package dev.linnet.numbers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All loops' counters of calls, read and added up at one moment. */
public final class CallReading {
    private final Map<Call, Reading.Entry> entries = new HashMap<>();
    private final Instant at;

    private CallReading(Instant at) {
        this.at = at;
    }

    public static CallReading of(Collection<Recorder> loops, Instant at) {
        CallReading reading = new CallReading(at);
        loops.forEach(loop -> loop.calls()
                .forEach((call, recorder) -> reading.entries
                        .computeIfAbsent(call, _ -> new Reading.Entry(Recorder.CALLS.row()))
                        .add(recorder)));
        return reading;
    }

    Map<Call, Reading.Entry> entries() {
        return entries;
    }

    /** The little that is kept of a moment, to know later what has happened since. */
    public Totals totals() {
        Map<Call, long[]> counts = new HashMap<>();
        entries.forEach((call, entry) -> counts.put(call, counts(entry)));
        return new Totals(at, counts);
    }

    /** Statuses by class, then failures by kind, then buckets of durations, then their sum. */
    private static long[] counts(Reading.Entry entry) {
        Layout.Histogram durations = Recorder.CALLS.of(Measure.REQUEST_DURATION);
        long[] counts = new long[Totals.FIRST_BUCKET + durations.buckets() + 1];
        entry.rows.forEach((key, row) -> {
            counts[Math.clamp(key.status() / 100, 0, Totals.CLASSES - 1)] += row[Layout.REQUESTS];
            for (int i = 0; i <= durations.buckets(); i++) {
                counts[Totals.FIRST_BUCKET + i] += row[durations.bucket(i)];
            }
        });
        entry.failures().forEach((failure, count) -> counts[Totals.place(failure)] += count);
        return counts;
    }

    /** Counts of one moment. */
    public static final class Totals {
        private static final int CLASSES = 6;
        private static final int FIRST_BUCKET = CLASSES + Failure.values().length;

        private final Instant at;
        private final Map<Call, long[]> counts;

        private Totals(Instant at, Map<Call, long[]> counts) {
            this.at = at;
            this.counts = counts;
        }

        @SuppressWarnings("EnumOrdinal") // within one run of the program
        private static int place(Failure failure) {
            return CLASSES + failure.ordinal();
        }

        public Instant at() {
            return at;
        }

        /** What has happened since an earlier moment. */
        public Graph since(Totals earlier, String gateway) {
            Duration window = Duration.between(earlier.at, at);
            List<Graph.Node> nodes = new ArrayList<>();
            List<Graph.Edge> edges = new ArrayList<>();
            counts.forEach((call, now) -> {
                long[] before = earlier.counts.getOrDefault(call, new long[now.length]);
                Graph.Edge edge = edge(call, now, before, window);
                if (edge.requests() > 0) {
                    nodes.add(call.source().node());
                    nodes.add(call.destination().node());
                    edges.add(edge);
                }
            });
            return Graph.of(gateway, at, window, nodes, edges);
        }

        private static Graph.Edge edge(Call call, long[] now, long[] before, Duration window) {
            Map<String, Long> status = new TreeMap<>();
            long requests = 0;
            for (int i = 0; i < CLASSES; i++) {
                long count = now[i] - before[i];
                requests += count;
                if (count > 0) {
                    status.put(i + "xx", count);
                }
            }
            Map<String, Long> failures = new TreeMap<>();
            for (Failure failure : Failure.values()) {
                long count = now[place(failure)] - before[place(failure)];
                if (count > 0) {
                    failures.put(failure.label(), count);
                }
            }
            Layout.Histogram durations = Recorder.CALLS.of(Measure.REQUEST_DURATION);
            List<Long> buckets = new ArrayList<>();
            for (int i = 0; i < durations.buckets(); i++) {
                buckets.add(now[FIRST_BUCKET + i] - before[FIRST_BUCKET + i]);
            }
            int sum = FIRST_BUCKET + durations.buckets();
            return new Graph.Edge(
                    call.source().node().id(),
                    call.destination().node().id(),
                    call.namespace() + "/" + call.service(),
                    requests,
                    window.toMillis() / 1000.0,
                    0,
                    status,
                    failures,
                    new Snapshot.Latency(durations.limits(), buckets, durations.shown(now[sum] - before[sum])));
        }
    }
}
