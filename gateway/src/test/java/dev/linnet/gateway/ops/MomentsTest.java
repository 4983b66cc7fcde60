package dev.linnet.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MomentsTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private final Moments<Instant> moments = new Moments<>(Duration.ofMinutes(10), Function.identity());

    @Test
    void knowsTheLastMinuteToEachMomentAndTheRestToTenSeconds() {
        Instant now = addFor(Duration.ofMinutes(30));

        for (int ago = 0; ago <= 600; ago++) {
            Instant wanted = now.minusSeconds(ago);
            Duration early = Duration.between(moments.before(wanted), wanted);

            assertThat(early)
                    .as("%d seconds ago", ago)
                    .isBetween(Duration.ZERO, Duration.ofSeconds(ago <= 60 ? 1 : 11));
        }
    }

    @Test
    void keepsNoMoreThanThat() {
        addFor(Duration.ofHours(2));

        assertThat(moments.size()).isLessThanOrEqualTo(31 + 56);
    }

    @Test
    void givesTheOldestForWhatWasBeforeTheFirst() {
        addFor(Duration.ofSeconds(10));

        assertThat(moments.before(START.minusSeconds(5))).isEqualTo(START);
    }

    private Instant addFor(Duration time) {
        Instant last = START;
        for (long second = 0; second <= time.toSeconds(); second += 2) {
            last = START.plusSeconds(second);
            moments.add(last);
        }
        return last;
    }
}
