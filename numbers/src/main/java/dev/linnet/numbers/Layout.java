package dev.linnet.numbers;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where things lie in a row of counters: requests, then each histogram with its buckets and their sum. */
final class Layout {
    /** What the first counter of a row counts. */
    static final int REQUESTS = 0;

    static final Layout DEFAULT = new Layout(BucketLimits.DEFAULT);

    private final Map<Measure, Histogram> histograms = new EnumMap<>(Measure.class);
    private final int row;

    /** Where one histogram lies, and in which of its buckets a value belongs. */
    static final class Histogram {
        private final Measure measure;
        private final List<Double> limits;
        private final long[] raw;
        private final int first;

        private Histogram(Measure measure, List<Double> limits, int first) {
            this.measure = measure;
            this.limits = limits;
            this.raw = limits.stream()
                    .mapToLong(limit -> (long) (limit * measure.unit().raw()))
                    .toArray();
            this.first = first;
        }

        Measure measure() {
            return measure;
        }

        /** In the unit that is shown, without the last bucket's, which has none. */
        List<Double> limits() {
            return limits;
        }

        int buckets() {
            return raw.length + 1;
        }

        /** The counter of a bucket by its number. */
        int bucket(int index) {
            return first + index;
        }

        /** The counter of the bucket that a value belongs to. */
        int bucketOf(long value) {
            int bucket = 0;
            while (bucket < raw.length && value > raw[bucket]) {
                bucket++;
            }
            return first + bucket;
        }

        int sum() {
            return first + raw.length + 1;
        }

        /** A sum as it was recorded, in the unit that is shown. */
        double shown(long rawSum) {
            return rawSum / measure.unit().raw();
        }
    }

    Layout(BucketLimits limits) {
        int next = REQUESTS + 1;
        for (Measure measure : Measure.values()) {
            Histogram histogram = new Histogram(measure, measure.unit().limits(limits), next);
            histograms.put(measure, histogram);
            next = histogram.sum() + 1;
        }
        this.row = next;
    }

    Histogram of(Measure measure) {
        return Objects.requireNonNull(histograms.get(measure));
    }

    /** Counters in a row. */
    int row() {
        return row;
    }
}
