package dev.linnet.rollout.judge;

import dev.linnet.rollout.judge.Comparison.Requests;
import java.util.List;

/**
 * One version against a limit: how strongly do its requests speak against "it fails no more often than that"? Bets as in
 * {@link Attribution}, on failure rates above the limit, valid however often one looks.
 */
final class FailureLimit {
    /** Odds of failing, as multiples of those at the limit: unlike multiples of the rate, they stay below 1. */
    private static final double[] ODDS = {1.1, 1.25, 1.5, 2, 3, 5, 10, 30, 100};

    /** Where no failure is accepted, one in so many is taken as the limit: against zero, a single failure would prove everything. */
    private static final double LEAST_LIMIT = 1e-4;

    private FailureLimit() {}

    /** @param limit share of requests that may fail, from 0 to 1 */
    static double logEvidence(Requests requests, double limit) {
        double accepted = Math.max(limit, LEAST_LIMIT);
        if (accepted >= 1) {
            return 0;
        }
        List<Double> logs =
                Bets.raise(Bets.start(ODDS.length), bet -> gain(accepted, rate(accepted, ODDS[bet]), requests));
        return Bets.mean(logs);
    }

    private static double rate(double limit, double odds) {
        return limit * odds / (limit * odds + 1 - limit);
    }

    private static double gain(double limit, double rate, Requests requests) {
        long good = requests.total() - requests.failed();
        return requests.failed() * Math.log(rate / limit) + good * Math.log((1 - rate) / (1 - limit));
    }
}
