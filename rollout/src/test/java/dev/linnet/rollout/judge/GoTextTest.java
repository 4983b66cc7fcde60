package dev.linnet.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GoTextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ms",
        "500, 500ms",
        "1000, 1s",
        "1515, 1.515s",
        "60000, 1m0s",
        "90500, 1m30.5s",
        "3600000, 1h0m0s",
        "3661001, 1h1m1.001s",
        "-5, -5ms"
    })
    void writesDurationsAsGoDoes(long milliseconds, String text) {
        assertThat(GoText.duration(milliseconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"99, 99", "99.5, 99.5", "0, 0", "500, 500", "0.05, 0.05", "1000000, 1000000"})
    void writesNumbersAsGoDoes(double value, String text) {
        assertThat(GoText.number(value)).isEqualTo(text);
    }
}
