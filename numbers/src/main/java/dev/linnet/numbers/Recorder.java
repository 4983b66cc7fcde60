package dev.linnet.numbers;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;

/** All counters of one event loop. The loop writes, any thread may read; nothing is ever locked or taken away. */
public final class Recorder {
    /** How calls are counted, with Istio's buckets (spec of Istio, §4.3). */
    static final Layout CALLS = new Layout(new BucketLimits(
            DoubleStream.of(
                            0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000,
                            600_000, 1_800_000, 3_600_000)
                    .map(millis -> millis / 1000)
                    .boxed()
                    .toList(),
            List.of(100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8),
            List.of(1e6)));

    private final Map<Call, SeriesRecorder> calls = new ConcurrentHashMap<>();
    private final Map<Series, SeriesRecorder> series = new ConcurrentHashMap<>();
    private final int maxSeries;
    private final Layout layout;

    public Recorder(int maxSeries) {
        this(maxSeries, BucketLimits.DEFAULT);
    }

    /**
     * Counters that do not grow without limit.
     *
     * @param maxSeries how many series there may be; the rest is counted as {@link Series#OVERFLOW}
     * @param limits    of the buckets of its histograms
     */
    public Recorder(int maxSeries, BucketLimits limits) {
        this.maxSeries = maxSeries;
        this.layout = new Layout(limits);
    }

    /** The counters of a series. Callers keep the answer as long as they keep what the series was made from. */
    public SeriesRecorder of(Series wanted) {
        SeriesRecorder known = series.get(wanted);
        if (known != null) {
            return known;
        }
        Series counted = series.size() < maxSeries ? wanted : Series.OVERFLOW;
        return series.computeIfAbsent(counted, name -> new SeriesRecorder(name, layout));
    }

    /** The counters of a call, kept likewise. */
    public SeriesRecorder of(Call wanted) {
        SeriesRecorder known = calls.get(wanted);
        if (known != null) {
            return known;
        }
        Call counted = calls.size() < maxSeries ? wanted : Call.OVERFLOW;
        return calls.computeIfAbsent(counted, _ -> new SeriesRecorder(Series.UNROUTED, CALLS));
    }

    Map<Call, SeriesRecorder> calls() {
        return Map.copyOf(calls);
    }

    Collection<SeriesRecorder> all() {
        return List.copyOf(series.values());
    }

    Layout layout() {
        return layout;
    }
}
