package dev.linnet.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A figure of one proxy over that of another, pair by pair in the order of rounds.
 *
 * @param median of the paired ratios
 * @param low    lower end of the 95 % interval of that median (bootstrap over the pairs, seeded)
 * @param high   upper end
 */
record Ratio(double median, double low, double high) {
    private static final int RESAMPLES = 10_000;

    static Ratio of(List<Round> ours, List<Round> theirs, ToDoubleFunction<Round> figure) {
        double[] pairs = IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToDouble(i -> figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i)))
                .toArray();
        return of(pairs);
    }

    static Ratio of(double... pairs) {
        Random random = new Random(25);
        double[] medians = IntStream.range(0, RESAMPLES)
                .mapToDouble(_ -> median(IntStream.range(0, pairs.length)
                        .mapToDouble(_ -> pairs[random.nextInt(pairs.length)])
                        .toArray()))
                .sorted()
                .toArray();
        return new Ratio(median(pairs), medians[(int) (RESAMPLES * 0.025)], medians[(int) (RESAMPLES * 0.975)]);
    }

    static double median(double... values) {
        double[] sorted = java.util.Arrays.stream(values).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, low, high);
    }
}
