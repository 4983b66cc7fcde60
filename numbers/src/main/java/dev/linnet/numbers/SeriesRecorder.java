package dev.linnet.numbers;

import dev.linnet.numbers.Layout.Histogram;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counters of one series on one event loop. One thread writes, any may read: counters are opaque, so a reader sees each of them
 * whole, though perhaps not all of them of the same moment.
 */
public final class SeriesRecorder {
    private final Series series;
    private final Layout layout;
    private final Map<Failure, Long> failures = new ConcurrentHashMap<>();
    private volatile Row[] rows = {};

    /** One combination of method and status. */
    record Row(Method method, int status, AtomicLongArray counters) {}

    SeriesRecorder(Series series, Layout layout) {
        this.series = series;
        this.layout = layout;
    }

    public Series series() {
        return series;
    }

    /** Counts the end of an exchange. Only the owning thread calls this. */
    public void record(Outcome outcome) {
        AtomicLongArray counters = row(outcome.method(), outcome.status()).counters;
        add(counters, Layout.REQUESTS, 1);
        observe(counters, Measure.REQUEST_DURATION, outcome.requestNanos());
        observe(counters, Measure.RESPONSE_DURATION, outcome.responseNanos());
        observe(counters, Measure.HEADER_DURATION, outcome.headerNanos());
        observe(counters, Measure.CONNECT_DURATION, outcome.connectNanos());
        observe(counters, Measure.REQUEST_SIZE, outcome.requestBytes());
        observe(counters, Measure.RESPONSE_SIZE, outcome.responseBytes());
        observe(counters, Measure.BYTES_SENT, outcome.responseBytes());
        if (outcome.failure() != Failure.NONE) {
            failures.merge(outcome.failure(), 1L, Long::sum);
        }
    }

    private Row row(Method method, int status) {
        Row[] known = rows;
        for (Row row : known) {
            if (row.status == status && row.method == method) {
                return row;
            }
        }
        Row[] more = Arrays.copyOf(known, known.length + 1);
        Row added = new Row(method, status, new AtomicLongArray(layout.row()));
        more[known.length] = added;
        rows = more;
        return added;
    }

    private void observe(AtomicLongArray counters, Measure measure, long value) {
        if (value < 0) {
            return;
        }
        Histogram histogram = layout.of(measure);
        add(counters, histogram.bucketOf(value), 1);
        add(counters, histogram.sum(), value);
    }

    private static void add(AtomicLongArray counters, int index, long more) {
        counters.setOpaque(index, counters.getPlain(index) + more);
    }

    Row[] rows() {
        return rows.clone();
    }

    Map<Failure, Long> failures() {
        return Map.copyOf(failures);
    }
}
