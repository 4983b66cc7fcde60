package dev.linnet.routing.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetriesTest {
    private static final Retries RETRIES =
            Retries.likeIstio(Set.of(Retries.On.ERROR), Set.of(), Duration.ZERO, Duration.ofMillis(100));

    @ParameterizedTest
    @CsvSource({"1, 0, 100", "2, 0, 200", "3, 0, 400", "4, 0, 800", "5, 0, 1000", "1000, 0, 1000", "2, 1, 300"})
    void waitsTwiceAsLongEachTimeButNotForEver(int asked, double chance, long millis) {
        assertThat(RETRIES.pause(asked, chance)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void waitsForNothingUnlessTold() {
        assertThat(Retries.DEFAULT.pause(3, 1)).isZero();
    }
}
