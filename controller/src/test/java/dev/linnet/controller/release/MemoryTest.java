package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.api.RunRecord;
import dev.linnet.controller.release.TurnOrder.Rank;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MemoryTest {
    private final Memory memory = new Memory("uid", new Outbox(List.of(), Executors.newVirtualThreadPerTaskExecutor()));

    @Test
    void knowsFromItsObjectWhenARunBeganThatAnotherProcessHasBegun() {
        Instant created = Instant.parse("2026-03-01T08:00:00Z");
        Instant now = created.plusSeconds(30);
        memory.remember(new LatestRun(RunRecord.NONE, "podinfo-3", "7", created, false));

        assertThat(memory.began(3, now)).isEqualTo(created);
        assertThat(memory.began(3, now.plusSeconds(1))).isEqualTo(created);
        assertThat(memory.began(4, now.plusSeconds(2))).isEqualTo(now.plusSeconds(2));
    }

    @Test
    void takesNoRunForOneThatBeginsLaterThanNow() {
        Instant now = Instant.parse("2026-03-01T08:00:00Z");
        memory.remember(new LatestRun(RunRecord.NONE, "podinfo-3", "7", now.plusSeconds(600), false));

        assertThat(memory.began(3, now)).isEqualTo(now);
    }

    @ParameterizedTest(name = "{0} with {1} % and {2} iterations: {3}")
    @CsvSource({
        "NEW, 0, 0, RESTS",
        "INITIALIZING, 0, 0, UNDER_WAY",
        "INITIALIZED, 0, 0, RESTS",
        "WAITING, 0, 0, UNDER_WAY",
        "PROGRESSING, 0, 0, UNDER_WAY",
        "PROGRESSING, 5, 0, HAS_USERS",
        "PROGRESSING, 0, 1, HAS_USERS",
        "WAITING_PROMOTION, 50, 0, HAS_USERS",
        "PROMOTING, 50, 0, UNDER_WAY",
        "FINALISING, 0, 0, UNDER_WAY",
        "FAILED, 0, 0, RESTS"
    })
    void knowsHowFarAReleaseIs(Phase phase, int weight, int iterations, Rank rank) {
        memory.at(Progress.NEW
                .withPhase(phase)
                .withCounters(Counters.ZERO.withWeight(weight).withIterations(iterations)));

        assertThat(memory.rank()).isEqualTo(rank);
    }

    @Test
    void complainsOfTwoFaultsThatComeByTurnsOnceEach() {
        assertThat(memory.complains("one")).isTrue();
        assertThat(memory.complains("other")).isTrue();
        assertThat(memory.complains("one")).isFalse();
        assertThat(memory.complains("other")).isFalse();
    }

    @Test
    void complainsAgainOnceSomethingCouldBeDone() {
        memory.complains("one");
        memory.complainsNoMore();

        assertThat(memory.complains("one")).isTrue();
    }

    @Test
    void forgetsTheOldestOfManyFaults() {
        memory.complains("oldest");
        for (int fault = 0; fault < 16; fault++) {
            assertThat(memory.complains("fault " + fault)).isTrue();
        }

        assertThat(memory.complains("oldest")).isTrue();
        assertThat(memory.complains("fault 15")).isFalse();
    }
}
