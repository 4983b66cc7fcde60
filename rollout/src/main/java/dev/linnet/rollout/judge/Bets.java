package dev.linnet.rollout.judge;

import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Bets of equal size on different suppositions, as logarithms, so that they neither overflow nor vanish. */
final class Bets {
    private Bets() {}

    static List<Double> start(int count) {
        return Collections.nCopies(count, 0.0);
    }

    static List<Double> raise(List<Double> logs, IntToDoubleFunction gain) {
        return IntStream.range(0, logs.size())
                .mapToObj(bet -> logs.get(bet) + gain.applyAsDouble(bet))
                .toList();
    }

    /** The logarithm of what all bets together have become, for each that was laid. */
    static double mean(List<Double> logs) {
        double highest = Collections.max(logs);
        double sum = logs.stream().mapToDouble(log -> Math.exp(log - highest)).sum();
        return highest + Math.log(sum / logs.size());
    }
}
