package dev.linnet.numbers;

import dev.linnet.numbers.Layout.Histogram;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one series on one event loop. One thread writes, any may read: counters are opaque, so a reader sees each of them
 * whole, though perhaps not all of them of the same moment.
 */
public final class SeriesRecorder {
    private final Series series;
    private final Layout layout;
    private volatile Row[] rows = {};
    private @Nullable Row last;

    /** One combination of method, status and failure. */
    static final class Row {
        private static final VarHandle COUNTERS = MethodHandles.arrayElementVarHandle(long[].class);

        private final Method method;
        private final int status;
        private final Failure failure;
        private final long[] counters;

        private Row(Method method, int status, Failure failure, int length) {
            this.method = method;
            this.status = status;
            this.failure = failure;
            this.counters = new long[length];
        }

        Method method() {
            return method;
        }

        int status() {
            return status;
        }

        Failure failure() {
            return failure;
        }

        /** By any thread. */
        long get(int index) {
            return (long) COUNTERS.getOpaque(counters, index);
        }

        private void add(int index, long more) {
            COUNTERS.setOpaque(counters, index, counters[index] + more);
        }

        private boolean isOf(Method otherMethod, int otherStatus, Failure otherFailure) {
            return status == otherStatus && method == otherMethod && failure == otherFailure;
        }
    }

    SeriesRecorder(Series series, Layout layout) {
        this.series = series;
        this.layout = layout;
    }

    public Series series() {
        return series;
    }

    /** Counts the end of an exchange. Only the owning thread calls this. */
    public void record(Outcome outcome) {
        Row row = row(outcome.method(), outcome.status(), outcome.failure());
        row.add(Layout.REQUESTS, 1);
        observe(row, Measure.REQUEST_DURATION, outcome.requestNanos());
        observe(row, Measure.RESPONSE_DURATION, outcome.responseNanos());
        observe(row, Measure.HEADER_DURATION, outcome.headerNanos());
        observe(row, Measure.CONNECT_DURATION, outcome.connectNanos());
        observe(row, Measure.REQUEST_SIZE, outcome.requestBytes());
        observe(row, Measure.RESPONSE_SIZE, outcome.responseBytes());
        observe(row, Measure.BYTES_SENT, outcome.responseBytes());
    }

    private Row row(Method method, int status, Failure failure) {
        Row before = last;
        if (before != null && before.isOf(method, status, failure)) {
            return before;
        }
        Row found = find(method, status, failure);
        last = found;
        return found;
    }

    private Row find(Method method, int status, Failure failure) {
        Row[] known = rows;
        for (Row row : known) {
            if (row.isOf(method, status, failure)) {
                return row;
            }
        }
        Row[] more = Arrays.copyOf(known, known.length + 1);
        Row added = new Row(method, status, failure, layout.row());
        more[known.length] = added;
        rows = more;
        return added;
    }

    private void observe(Row row, Measure measure, long value) {
        if (value >= 0) {
            Histogram histogram = layout.of(measure);
            row.add(histogram.bucketOf(value), 1);
            row.add(histogram.sum(), value);
        }
    }

    Row[] rows() {
        return rows.clone();
    }
}
