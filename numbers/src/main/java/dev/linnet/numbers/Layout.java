package dev.linnet.numbers;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where things lie in a row of counters: requests, the sums of all histograms, then their buckets, those of the same unit side by side.
 * Requests that are alike thereby touch four lines of memory instead of eleven, which is what counting costs where there are a hundred
 * thousand rows.
 */
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
        private final int step;

        private Histogram(Measure measure, List<Double> limits, int first, int step) {
            this.measure = measure;
            this.limits = limits;
            this.raw = limits.stream()
                    .mapToLong(limit -> (long) (limit * measure.unit().raw()))
                    .toArray();
            this.first = first;
            this.step = step;
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
            return first + index * step;
        }

        /** The counter of the bucket that a value belongs to. */
        int bucketOf(long value) {
            int bucket = 0;
            while (bucket < raw.length && value > raw[bucket]) {
                bucket++;
            }
            return bucket(bucket);
        }

        @SuppressWarnings(
                "EnumOrdinal") // rows live no longer than this process, and the order is the same all the while
        int sum() {
            return REQUESTS + 1 + measure.ordinal();
        }

        /** A sum as it was recorded, in the unit that is shown. */
        double shown(long rawSum) {
            return rawSum / measure.unit().raw();
        }
    }

    Layout(BucketLimits limits) {
        int next = REQUESTS + 1 + Measure.values().length;
        for (Measure.Unit unit : Measure.Unit.values()) {
            List<Measure> alike = Arrays.stream(Measure.values())
                    .filter(measure -> measure.unit() == unit)
                    .toList();
            for (int i = 0; i < alike.size(); i++) {
                histograms.put(alike.get(i), new Histogram(alike.get(i), unit.limits(limits), next + i, alike.size()));
            }
            next += alike.size() * (unit.limits(limits).size() + 1);
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
