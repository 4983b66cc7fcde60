package dev.linnet.numbers;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Upper limits of the buckets of histograms, ascending. Each has one more bucket, without a limit.
 *
 * @param time   seconds
 * @param length bytes of requests and responses
 * @param size   bytes sent
 */
public record BucketLimits(List<Double> time, List<Double> length, List<Double> size) {
    /** As ingress-nginx has them (spec §6.1). */
    public static final BucketLimits DEFAULT = new BucketLimits(
            List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
            DoubleStream.iterate(10, limit -> limit <= 100, limit -> limit + 10)
                    .boxed()
                    .toList(),
            List.of(10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7));

    public BucketLimits {
        time = ascending("time", time);
        length = ascending("length", length);
        size = ascending("size", size);
    }

    private static List<Double> ascending(String name, List<Double> limits) {
        for (int i = 1; i < limits.size(); i++) {
            if (limits.get(i) <= limits.get(i - 1)) {
                throw new IllegalArgumentException(
                        "buckets for " + name + " are " + limits + " (expected: each larger than the one before)");
            }
        }
        if (limits.isEmpty()) {
            throw new IllegalArgumentException("there are no buckets for " + name + " (expected: at least one)");
        }
        return List.copyOf(limits);
    }
}
