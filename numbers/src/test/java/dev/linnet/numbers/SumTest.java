package dev.linnet.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SumTest {
    private static final List<Double> LIMITS = List.of(0.1, 0.2, 0.4);

    @Test
    void quantilesAreWhatPrometheusWorksOutOfTheSameBuckets() {
        Sum sum = new Sum(100, 5, LIMITS, List.of(50L, 40L, 10L, 0L), 12);

        assertThat(sum.quantileMillis(0.5)).isEqualTo(100, within(0.001));
        assertThat(sum.quantileMillis(0.95)).isEqualTo(300, within(0.001));
        assertThat(sum.successRate()).isEqualTo(95, within(0.001));
        assertThat(sum.meanMillis()).isEqualTo(120, within(0.001));
    }

    @Test
    void whatIsSlowerThanTheLastLimitIsAtLeastThatSlow() {
        assertThat(new Sum(1, 0, LIMITS, List.of(0L, 0L, 0L, 1L), 9).quantileMillis(0.5))
                .isEqualTo(400);
    }

    @Test
    void aRateIsADifference() {
        Sum before = new Sum(1000, 0, LIMITS, List.of(1000L, 0L, 0L, 0L), 10);
        Sum now = new Sum(1020, 10, LIMITS, List.of(1010L, 10L, 0L, 0L), 11);

        assertThat(now.since(before)).isEqualTo(new Sum(20, 10, LIMITS, List.of(10L, 10L, 0L, 0L), 1));
        assertThat(now.since(before).successRate()).isEqualTo(50);
        assertThat(now.since(Sum.NONE)).isEqualTo(now);
    }

    @Test
    void aGatewayThatBeganAnewCountsFromZero() {
        Sum before = new Sum(100, 1, LIMITS, List.of(100L, 0L, 0L, 0L), 1);
        Sum after = new Sum(7, 0, LIMITS, List.of(7L, 0L, 0L, 0L), 1);

        assertThat(after.since(before)).isEqualTo(after);
        assertThat(before.plus(after).since(before).requests()).isEqualTo(7);
    }

    @Test
    void nothingMeasuredIsNoNumber() {
        assertThat(Sum.NONE.successRate()).isNaN();
        assertThat(Sum.NONE.quantileMillis(0.99)).isNaN();
    }
}
