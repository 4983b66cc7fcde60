package dev.linnet.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.rollout.judge.Comparison.Requests;
import dev.linnet.rollout.plan.Affinity;
import dev.linnet.rollout.plan.Analysis;
import dev.linnet.rollout.plan.Checks;
import dev.linnet.rollout.plan.Match;
import dev.linnet.rollout.plan.MetricCheck;
import dev.linnet.rollout.plan.Mirror;
import dev.linnet.rollout.plan.Range;
import dev.linnet.rollout.plan.Steps;
import dev.linnet.rollout.plan.Strategy;
import dev.linnet.rollout.plan.TroublePolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated releases with fixed seeds: a good version is left alone, a bad one is found within a few requests. */
final class FastAbortTest {
    private static final int STEPS = 4000;
    private static final int SECONDS = 60;
    private static final double MIN_SUCCESS = 99;

    @ParameterizedTest(name = "canary {0} of {1} requests/s, both fail {2}")
    @CsvSource({
        "0.05, 20, 0.0095",
        "0.2, 20, 0.0095",
        "0.5, 20, 0.0095",
        "0.05, 100, 0.0099",
        "0.2, 100, 0.0099",
        "0.5, 60, 0.01"
    })
    void leavesAVersionAloneThatIsAsGoodAsTheOther(double share, int perSecond, double failing) {
        SplittableRandom random = new SplittableRandom(42);
        int aborted = 0;
        for (int step = 0; step < STEPS; step++) {
            aborted += aborts(random, share, perSecond, failing) ? 1 : 0;
        }
        assertThat(aborted).isLessThan(STEPS / 1000);
    }

    @ParameterizedTest(name = "{0} of the requests")
    @ValueSource(doubles = {0.05, 0.2, 0.5})
    void leavesAVersionAloneInAnIncidentOfBoth(double share) {
        SplittableRandom random = new SplittableRandom(7);
        int aborted = 0;
        for (int step = 0; step < STEPS; step++) {
            double failing = 0.005 + 0.4 * random.nextDouble();
            aborted += aborts(random, share, 20, failing) ? 1 : 0;
        }
        assertThat(aborted).isLessThan(STEPS / 1000);
    }

    @ParameterizedTest(name = "alone, failing {0}")
    @ValueSource(doubles = {0.0095, 0.01})
    void leavesAVersionAloneThatKeepsItsLimit(double failing) {
        SplittableRandom random = new SplittableRandom(3);
        int aborted = 0;
        for (int step = 0; step < STEPS; step++) {
            aborted += aborts(random, 1, 20, failing) ? 1 : 0;
        }
        assertThat(aborted).isLessThan(STEPS / 1000);
    }

    /** At 20 requests of the canary in a second: how many of them meet a version that fails everything? */
    @ParameterizedTest(name = "with {0} of the requests, after at most {1}")
    @CsvSource({"0.01, 5", "0.05, 5", "0.1, 6", "0.2, 8", "0.5, 18", "0.7, 36"})
    void findsAVersionThatFailsEverything(double share, int atMost) {
        Comparison step = Comparison.ofStep(1);
        int requests = 0;
        while (FastAbort.proof(plan(), step).isEmpty()) {
            requests++;
            long ofPrimary =
                    Math.round(requests * (1 - share) / share) - step.primary().total();
            step = step.plus(new Requests(1, 1), new Requests(ofPrimary, 0));
        }
        assertThat(requests).isBetween((int) FastAbort.LEAST_FAILED, atMost);
    }

    @ParameterizedTest(name = "without a primary, of which {0} percent must succeed, after at most {1}")
    @CsvSource({"99, 5", "99.9, 5", "90, 5", "100, 5", "50, 14"})
    void findsAVersionThatFailsEverythingAlone(double min, int atMost) {
        Comparison step = Comparison.ofStep(1);
        while (FastAbort.proof(plan(min), step).isEmpty()) {
            step = step.plus(new Requests(1, 1), Requests.NONE);
        }
        assertThat(step.canary().total()).isBetween(FastAbort.LEAST_FAILED, (long) atMost);
    }

    @ParameterizedTest(name = "tenfold failures with {0} of the requests")
    @ValueSource(doubles = {0.05, 0.2, 0.5})
    void findsAVersionThatFailsTenTimesAsOften(double share) {
        SplittableRandom random = new SplittableRandom(11);
        int found = 0;
        for (int run = 0; run < 100; run++) {
            Comparison step = Comparison.ofStep(1);
            for (int second = 0;
                    second < 10 * SECONDS && FastAbort.proof(plan(), step).isEmpty();
                    second++) {
                step = step.plus(requests(random, share * 100, 0.05), requests(random, (1 - share) * 100, 0.005));
            }
            found += FastAbort.proof(plan(), step).isPresent() ? 1 : 0;
        }
        assertThat(found).isEqualTo(100);
    }

    @Test
    void doesNotCompareThoseWhoMatchWithAllOthers() {
        Comparison step = Comparison.ofStep(1).plus(new Requests(40, 20), new Requests(400, 200));

        assertThat(FastAbort.proof(plan(), step)).isEmpty();
        Match insiders =
                new Match(Map.of("x-user", new Match.Text(Match.Text.Kind.EXACT, "insider")), Map.of(), Map.of());
        Analysis plan = new Analysis(plan().strategy(), plan().checks(), List.of(), List.of(insiders), Affinity.NONE);
        assertThat(FastAbort.proof(plan, step)).isPresent();
    }

    private static boolean aborts(SplittableRandom random, double share, int perSecond, double failing) {
        Comparison step = Comparison.ofStep(1);
        for (int second = 0; second < SECONDS; second++) {
            step = step.plus(
                    requests(random, share * perSecond, failing), requests(random, (1 - share) * perSecond, failing));
            if (FastAbort.proof(plan(), step).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** About so many requests, each of which fails by chance. */
    private static Requests requests(SplittableRandom random, double about, double failing) {
        long total = (long) (about * (0.5 + random.nextDouble()) + random.nextDouble());
        long failed = 0;
        for (long request = 0; request < total; request++) {
            failed += random.nextDouble() < failing ? 1 : 0;
        }
        return new Requests(total, failed);
    }

    private static Analysis plan() {
        return plan(MIN_SUCCESS);
    }

    private static Analysis plan(double min) {
        MetricCheck rate = new MetricCheck(
                "request-success-rate",
                new MetricCheck.Source.SuccessRate(),
                Range.atLeast(min),
                new MetricCheck.Lookback("1m", Duration.ofMinutes(1)));
        return new Analysis(
                new Strategy.Weighted(new Steps(10, List.of(), 50), Mirror.OFF, 0),
                new Checks(Duration.ofMinutes(1), 10, List.of(rate), TroublePolicy.AS_FLAGGER),
                List.of(),
                List.of(),
                Affinity.NONE);
    }
}
