package dev.linnet.numbers;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** All loops' counters, read and added up at one moment. */
public final class Reading {
    private final Map<Series, Entry> entries = new HashMap<>();
    private final Layout layout;

    /** What is known of a series. */
    static final class Entry {
        private final int rowLength;
        final Map<Key, long[]> rows = new HashMap<>();

        Entry(int rowLength) {
            this.rowLength = rowLength;
        }

        void add(SeriesRecorder recorder) {
            for (SeriesRecorder.Row row : recorder.rows()) {
                long[] sums = rows.computeIfAbsent(
                        new Key(row.method(), row.status(), row.failure()), _ -> new long[rowLength]);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += row.get(i);
                }
            }
        }

        /** How many requests have failed in which way. */
        Map<Failure, Long> failures() {
            Map<Failure, Long> failures = new EnumMap<>(Failure.class);
            rows.forEach((key, row) -> {
                if (key.failure() != Failure.NONE) {
                    failures.merge(key.failure(), row[Layout.REQUESTS], Long::sum);
                }
            });
            return failures;
        }

        /** The rows added up. */
        long[] total() {
            long[] total = new long[rowLength];
            rows.values().forEach(row -> addTo(total, row));
            return total;
        }
    }

    record Key(Method method, int status, Failure failure) {}

    private Reading(Layout layout) {
        this.layout = layout;
    }

    /** All of them must have the same buckets. */
    public static Reading of(Collection<Recorder> loops) {
        Reading reading =
                new Reading(loops.stream().findFirst().map(Recorder::layout).orElse(Layout.DEFAULT));
        for (Recorder loop : loops) {
            loop.all().forEach(reading::add);
        }
        return reading;
    }

    private void add(SeriesRecorder recorder) {
        if (recorder.rows().length > 0) { // a series begins with its first request
            entries.computeIfAbsent(recorder.series(), _ -> new Entry(layout.row()))
                    .add(recorder);
        }
    }

    private static void addTo(long[] sums, long[] more) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more[i];
        }
    }

    /** How many requests of clients have ended. */
    public long requests() {
        return entries.entrySet().stream()
                .filter(entry -> !entry.getKey().isMirror())
                .flatMap(entry -> entry.getValue().rows.values().stream())
                .mapToLong(row -> row[Layout.REQUESTS])
                .sum();
    }

    Layout layout() {
        return layout;
    }

    Map<Series, Entry> entries() {
        return entries;
    }
}
