package dev.linnet.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AlikeTest {
    private final Alike<List<Integer>> alike = new Alike<>();

    @Test
    void keepsTheFirstOfEqualValues() {
        List<Integer> first = List.of(1, 2);
        assertThat(alike.of(first)).isSameAs(first);
        assertThat(alike.of(List.of(3))).isEqualTo(List.of(3));
        assertThat(alike.of(List.of(1, 2))).isSameAs(first);
    }

    @Test
    void givesBackWhatItIsGivenHoweverManyThereAre() {
        for (int i = 0; i < 100_000; i++) {
            List<Integer> value = List.of(i);
            assertThat(alike.of(value)).isSameAs(value);
        }
    }
}
