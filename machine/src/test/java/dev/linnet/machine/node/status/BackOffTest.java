package dev.linnet.machine.node.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    @Test
    void startsAgainAtOnceThenEachTimeLaterUpToFiveMinutes() {
        List<Long> waits = Stream.iterate(BackOff.none(), BackOff::waited)
                .limit(8)
                .map(backOff -> backOff.next().toSeconds())
                .toList();

        assertThat(waits).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
    }

    @Test
    void forgetsFailuresOfAContainerThatRanWellForTenMinutes() {
        BackOff failing = BackOff.none().waited().waited();

        assertThat(failing.endedAfter(Duration.ofMinutes(9))).isEqualTo(failing);
        assertThat(failing.endedAfter(Duration.ofMinutes(10))).isEqualTo(BackOff.none());
    }

    @Test
    void readsAsKubeletPrintsIt() {
        assertThat(new BackOff(Duration.ofSeconds(10)).text()).isEqualTo("10s");
        assertThat(new BackOff(Duration.ofSeconds(80)).text()).isEqualTo("1m20s");
        assertThat(new BackOff(Duration.ofMinutes(5)).text()).isEqualTo("5m0s");
    }
}
