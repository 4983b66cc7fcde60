package dev.linnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeapCareTest {
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
        assertThat(HeapCare.isDue(used << 20, lived << 20)).isEqualTo(due);
    }
}
