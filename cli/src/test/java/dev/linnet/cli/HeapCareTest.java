package dev.linnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeapCareTest {
    private final HeapCare.Heap heap = new HeapCare.Heap();

    @ParameterizedTest(name = "{0} MB used, {1} MB of them lived the last time: {2}")
    @CsvSource({
        "40, 0, false",
        "60, 0, true",
        "160, 100, false",
        "190, 100, false",
        "200, 100, true",
        "640, 400, false",
        "650, 400, true"
    })
    void collectsOnceHalfAsMuchAgainHasCome(long used, long lived, boolean due) {
        heap.collected(lived << 20);

        assertThat(heap.isDue(used << 20)).isEqualTo(due);
    }

    @Test
    void collectsOnceAfterABusyTime() {
        heap.collected(400L << 20);
        assertThat(dueWithin(60, 500, 520)).as("as long as much is done").isFalse();

        assertThat(dueWithin(11, 500, 500)).as("when it becomes quiet").isTrue();
        heap.collected(200L << 20);
        assertThat(dueWithin(60, 200, 201)).as("once only").isFalse();
    }

    /** The pause would come when it hurts most. */
    @Test
    void takesLooksOfABusyTimeThatHappenToBeAlikeForNoRest() {
        heap.collected(400L << 20);
        assertThat(dueWithin(60, 500, 520)).isFalse();

        for (int time = 0; time < 20; time++) {
            assertThat(dueWithin(9, 510, 510)).isFalse();
            assertThat(dueWithin(1, 520, 520)).isFalse();
        }
    }

    @Test
    void collectsForRestNotMoreThanOnceAMinute() {
        heap.collected(400L << 20);
        assertThat(heap.isDue(500L << 20)).isFalse();

        assertThat(dueWithin(28, 500, 500)).isFalse();
        assertThat(dueWithin(1, 500, 500)).isTrue();
    }

    /** What a young collection takes away at rest is no reason for a whole one. */
    @Test
    void doesNotCollectBecauseLessIsUsed() {
        heap.collected(400L << 20);

        for (int time = 0; time < 5; time++) {
            assertThat(rises(400, 420)).isFalse();
        }
    }

    /** A little at a time, as a process at rest does. */
    private boolean rises(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(used -> heap.isDue((long) used << 20))
                .reduce(false, Boolean::logicalOr);
    }

    /** @param even megabytes used at the looks in between */
    private boolean dueWithin(int looks, long odd, long even) {
        return IntStream.range(0, looks)
                .mapToObj(look -> heap.isDue((look % 2 == 0 ? odd : even) << 20))
                .reduce(false, Boolean::logicalOr);
    }
}
