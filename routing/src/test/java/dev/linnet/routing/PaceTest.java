package dev.linnet.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.routing.policy.Pace;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    /** As nginx has it: what a second lets through is free at the begin. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1000, 0, 0",
        "1500, 0, 500",
        "3000, 0, 2000",
        "3000, 1500, 500",
        "3000, 2000, 0",
        "3000, 9999, 0"
    })
    void waitsForTheSecondsThatItsBytesTake(long sent, long elapsedMillis, long pauseMillis) {
        Pace pace = new Pace(1000, 0);

        long pause = pace.pause(sent, Duration.ofMillis(elapsedMillis).toNanos());

        assertThat(Duration.ofNanos(pause)).isEqualTo(Duration.ofMillis(pauseMillis));
    }

    @Test
    void doesNotCountWhatIsFree() {
        assertThat(new Pace(1000, 5000).pause(6000, 0)).isZero();
        assertThat(new Pace(1000, 5000).pause(7000, 0))
                .isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void slowsNobodyDownUnlessTold() {
        assertThat(Pace.ANY.pause(Long.MAX_VALUE, 0)).isZero();
        assertThat(Pace.ANY.isLimited()).isFalse();
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new Pace(-1, 0)).hasMessageContaining("expected: nothing negative");
    }
}
