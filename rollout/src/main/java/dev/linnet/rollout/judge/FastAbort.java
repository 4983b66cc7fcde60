package dev.linnet.rollout.judge;

import dev.linnet.rollout.judge.Comparison.Requests;
import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.Range;
import dev.linnet.rollout.plan.Strategy;
import java.util.Optional;

/**
 * Is a version so bad that its release must end at once, whatever its threshold allows? Only if three things hold: at least
 * {@link #LEAST_FAILED} requests failed, its success rate is outside the range that its author accepts, and the evidence against it is at
 * least {@link #EVIDENCE} to one.
 */
public final class FastAbort {
    /** A good version is ended by chance in less than one step in so many. */
    public static final double EVIDENCE = 1000;

    public static final long LEAST_FAILED = 5;

    private static final double LOG_EVIDENCE = Math.log(EVIDENCE);

    private FastAbort() {}

    /** The proof in words; empty if there is none, or if nothing says how many requests may fail. */
    public static Optional<String> proof(Analysis analysis, Comparison step) {
        return successRange(analysis)
                .filter(range -> isProved(analysis, step, range))
                .map(_ -> text(step));
    }

    private static Optional<Range> successRange(Analysis analysis) {
        return analysis.checks().metrics().stream()
                .filter(check -> check.source() instanceof MetricCheck.Source.SuccessRate)
                .map(MetricCheck::range)
                .filter(range -> range.min() > 0)
                .findFirst();
    }

    private static boolean isProved(Analysis analysis, Comparison step, Range range) {
        Requests canary = step.canary();
        return canary.failed() >= LEAST_FAILED
                && canary.successRate() < range.min()
                && logEvidence(analysis, step, range) >= LOG_EVIDENCE;
    }

    /** Versions can only be compared where chance deals out the requests: an audience is not like all others. */
    private static double logEvidence(Analysis analysis, Comparison step, Range range) {
        boolean dealtByChance = analysis.strategy() instanceof Strategy.Weighted
                && analysis.audience().isEmpty();
        return dealtByChance && step.primary().total() > 0
                ? step.evidence().logEvidence()
                : FailureLimit.logEvidence(step.canary(), 1 - range.min() / 100);
    }

    private static String text(Comparison step) {
        String canary = step.canary().failed() + " of " + step.canary().total() + " requests failed";
        return step.primary().total() == 0
                ? canary
                : canary + ", of the primary's " + step.primary().failed() + " of "
                        + step.primary().total();
    }
}
