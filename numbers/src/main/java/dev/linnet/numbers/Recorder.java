package dev.linnet.numbers;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All counters of one event loop. The loop writes, any thread may read; nothing is ever locked or taken away. */
public final class Recorder {
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

    Collection<SeriesRecorder> all() {
        return List.copyOf(series.values());
    }

    Layout layout() {
        return layout;
    }
}
