package dev.linnet.numbers;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** All loops' counters, read and added up at one moment. */
public final class Reading {
    private final Map<Series, Entry> entries = new HashMap<>();

    /** What is known of a series. */
    static final class Entry {
        final Map<Key, long[]> rows = new HashMap<>();
        final Map<Failure, Long> failures = new EnumMap<>(Failure.class);

        /** The rows added up. */
        long[] total() {
            long[] total = new long[Measure.ROW];
            rows.values().forEach(row -> addTo(total, row));
            return total;
        }
    }

    record Key(Method method, int status) {}

    private Reading() {}

    public static Reading of(Collection<Recorder> loops) {
        Reading reading = new Reading();
        for (Recorder loop : loops) {
            loop.all().forEach(reading::add);
        }
        return reading;
    }

    private void add(SeriesRecorder recorder) {
        SeriesRecorder.Row[] rows = recorder.rows();
        if (rows.length == 0) {
            return; // a series begins with its first request
        }
        Entry entry = entries.computeIfAbsent(recorder.series(), _ -> new Entry());
        for (SeriesRecorder.Row row : rows) {
            long[] sums = entry.rows.computeIfAbsent(new Key(row.method(), row.status()), _ -> new long[Measure.ROW]);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += row.counters().getOpaque(i);
            }
        }
        recorder.failures().forEach((failure, count) -> entry.failures.merge(failure, count, Long::sum));
    }

    private static void addTo(long[] sums, long[] more) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += more[i];
        }
    }

    Map<Series, Entry> entries() {
        return entries;
    }
}
