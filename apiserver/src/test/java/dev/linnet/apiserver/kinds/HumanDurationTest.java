package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HumanDurationTest {

    @ParameterizedTest
    @CsvSource({
        "PT-2S, <invalid>",
        "PT-1.5S, 0s",
        "PT0S, 0s",
        "PT5.9S, 5s",
        "PT119S, 119s",
        "PT120S, 2m",
        "PT123S, 2m3s",
        "PT9M59S, 9m59s",
        "PT10M5S, 10m",
        "PT179M59S, 179m",
        "PT3H, 3h",
        "PT3H5M, 3h5m",
        "PT7H59M, 7h59m",
        "PT8H30M, 8h",
        "PT47H, 47h",
        "PT48H, 2d",
        "PT52H, 2d4h",
        "P7DT23H, 7d23h",
        "P8DT5H, 8d",
        "P400D, 400d",
        "P730D, 2y",
        "P1107D, 3y12d",
        "P2920D, 8y",
        "P4000D, 10y"
    })
    void usesAtMostTwoUnitsAndFewerTheLongerItIs(Duration duration, String text) {
        assertThat(HumanDuration.text(duration)).isEqualTo(text);
    }

    @Test
    void saysUnknownWhereThereIsNoTime() {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");

        assertThat(HumanDuration.since("", now)).isEqualTo("<unknown>");
        assertThat(HumanDuration.since("yesterday", now)).isEqualTo("<unknown>");
        assertThat(HumanDuration.since("2026-03-01T13:59:30+02:00", now)).isEqualTo("30s");
    }
}
