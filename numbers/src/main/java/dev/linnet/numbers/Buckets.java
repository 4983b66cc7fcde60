package dev.linnet.numbers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Upper limits of a histogram's buckets, as ingress-nginx has them (spec §6.1). The last bucket has none. */
final class Buckets {
    private static final double SECOND = 1e9;

    /** Seconds, counted from nanoseconds. */
    static final Buckets TIME = new Buckets(SECOND, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

    static final Buckets LENGTH =
            new Buckets(1, IntStream.rangeClosed(1, 10).mapToDouble(i -> i * 10).toArray());

    static final Buckets SIZE = new Buckets(1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7);

    private final double unit;
    private final double[] limits;
    private final long[] raw;

    private Buckets(double unit, double... limits) {
        this.unit = unit;
        this.limits = limits;
        this.raw =
                Arrays.stream(limits).mapToLong(limit -> (long) (limit * unit)).toArray();
    }

    /** With the one that has no limit. */
    int count() {
        return raw.length + 1;
    }

    int of(long value) {
        int bucket = 0;
        while (bucket < raw.length && value > raw[bucket]) {
            bucket++;
        }
        return bucket;
    }

    List<Double> limits() {
        return Arrays.stream(limits).boxed().toList();
    }

    /** A raw sum in the unit of the limits. */
    double inUnit(long rawSum) {
        return rawSum / unit;
    }
}
