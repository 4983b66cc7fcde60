package dev.linnet.rollout.judge;

import dev.linnet.rollout.judge.Comparison.Requests;
import java.util.List;

/**
 * The attribution test: of the failures of both versions, do more belong to the canary than its share of the requests? What both versions
 * suffer alike cancels out, so an incident or a busy hour proves nothing against the canary. A bet against "the canary is no worse" that
 * grows from 1 and, if that is true, ever reaches {@code x} with a chance of at most {@code 1/x}, however often one looks (Ville 1939;
 * Lindon and Malek 2022).
 *
 * @param logs the logarithm of what a bet on each of {@link #RATIOS} has become
 */
public record Attribution(List<Double> logs) {
    /** How much worse the canary may be, in the eyes of those who bet. */
    private static final double[] RATIOS = {1.1, 1.25, 1.5, 2, 3, 5, 10, 30, 100};

    public static final Attribution START = new Attribution(Bets.start(RATIOS.length));

    public Attribution {
        logs = List.copyOf(logs);
    }

    /** With the failures of requests that ended together: the canary's share among them is measured, so that no weight need be known. */
    public Attribution plus(Requests canary, Requests primary) {
        long failed = canary.failed() + primary.failed();
        if (failed == 0 || canary.total() == 0 || primary.total() == 0) {
            return this;
        }
        double share = (double) canary.total() / (canary.total() + primary.total());
        return new Attribution(Bets.raise(logs, bet -> gain(RATIOS[bet], share, canary.failed(), primary.failed())));
    }

    private static double gain(double ratio, double share, long ofCanary, long ofPrimary) {
        double expected = share * ratio / (share * ratio + 1 - share);
        return ofCanary * Math.log(expected / share) + ofPrimary * Math.log((1 - expected) / (1 - share));
    }

    /** The natural logarithm of the evidence against the canary: 0 is none, 6.9 is a thousand to one. */
    public double logEvidence() {
        return Bets.mean(logs);
    }
}
