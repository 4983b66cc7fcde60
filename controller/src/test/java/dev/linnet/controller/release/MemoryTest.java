package dev.linnet.controller.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    private final Memory memory = new Memory("uid", new Outbox(List.of(), Executors.newVirtualThreadPerTaskExecutor()));

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
