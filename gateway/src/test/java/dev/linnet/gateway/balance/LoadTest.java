package dev.linnet.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.linnet.routing.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The numeric vectors of the spec's §8.5 on ewma. */
class LoadTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 100 * SECOND;

    private final Map<Endpoint, Load> loads = new HashMap<>();
    private final Fastest fastest = new Fastest(new SplittableRandom(3));

    private Load load(int n) {
        return loads.computeIfAbsent(Some.endpoint(n), _ -> new Load());
    }

    private Candidates of(Integer... numbers) {
        return candidates(Candidates.NONE, numbers);
    }

    private Candidates candidates(Candidates before, Integer... numbers) {
        List<Endpoint> endpoints = List.of(numbers).stream().map(Some::endpoint).toList();
        return before.successor(endpoints, endpoint -> loads.computeIfAbsent(endpoint, _ -> new Load()), NOW);
    }

    /** .1: 0.2 a second ago, .2: 0.3 five seconds ago, .3: 1.2 twenty seconds ago. */
    private void givenScores() {
        load(1).took(0.2, NOW - SECOND);
        load(2).took(0.3, NOW - 5 * SECOND);
        load(3).took(1.2, NOW - 20 * SECOND);
    }

    @Test
    void mixesANewTimeIntoTheDecayedAverage() {
        givenScores();

        load(2).took(0.02 + 0.1, NOW);

        double kept = Math.exp(-0.5);
        assertThat(load(2).score(NOW)).isCloseTo(0.3 * kept + 0.12 * (1 - kept), within(1e-12));
    }

    @Test
    void takesTheLowerDecayedScore() {
        givenScores();
        Candidates two = of(1, 3);

        int next = fastest.next(two, List.of(), 0, NOW);

        assertThat(two.get(next)).isEqualTo(Some.endpoint(3));
        assertThat(two.load(next).score(NOW)).isCloseTo(0.162402339883935, within(1e-12));
    }

    @Test
    void passesByWhatWasTriedUntilAllWere() {
        givenScores();
        Candidates two = of(1, 3);

        assertThat(fastest.next(two, List.of(Some.endpoint(3)), 0, NOW)).isZero();
        assertThat(fastest.next(two, List.of(Some.endpoint(3), Some.endpoint(1)), 0, NOW))
                .isOne();
    }

    @Test
    void startsNewcomersWithTheAverageOfTheOthers() {
        givenScores();
        Candidates before = of(1, 2, 3);

        candidates(before, 1, 3, 4, 5);

        assertThat(load(4).score(NOW)).isCloseTo(0.7, within(1e-12));
        assertThat(load(5).score(NOW)).isCloseTo(0.7, within(1e-12));
    }

    @Test
    void startsNobodyWhereNothingIsKnown() {
        of(1, 2);

        assertThat(load(1).isKnown()).isFalse();
    }

    @Test
    void forgetsWhatIsKnownOfAnEndpointThatNoServiceHas() {
        Loads shared = new Loads();
        Load first = shared.enter(Some.endpoint(1));
        Load second = shared.enter(Some.endpoint(1));
        assertThat(second).isSameAs(first);

        shared.leave(List.of(Some.endpoint(1)));
        assertThat(shared.enter(Some.endpoint(1))).isSameAs(first);
        shared.leave(List.of(Some.endpoint(1)));
        shared.leave(List.of(Some.endpoint(1)));

        assertThat(shared.enter(Some.endpoint(1))).isNotSameAs(first);
    }

    @Test
    void returnsTheOnlyEndpoint() {
        assertThat(fastest.next(of(1), List.of(), 0, NOW)).isZero();
    }
}
