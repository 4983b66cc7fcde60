package dev.linnet.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0Mi, 0",
        "1, 1",
        "1., 1",
        ".5, 500m",
        "0.5, 500m",
        "+0.5, 500m",
        "-1, -1",
        "1000m, 1",
        "1500m, 1500m",
        "1.5, 1500m",
        "1000, 1k",
        "1500, 1500",
        "1e3, 1e3",
        "12e2, 1200",
        "1E, 1E",
        "1000k, 1M",
        "100m, 100m",
        "0.0001, 100u",
        "0.0000000001, 1n",
        "1Gi, 1Gi",
        "1024Mi, 1Gi",
        "1.5Gi, 1536Mi",
        "512Ki, 512Ki",
        "0.5Ki, 512",
        "1025Ki, 1025Ki"
    })
    void isWrittenInOneWay(String text, String canonical) {
        assertThat(Quantity.parse(text).orElseThrow().canonical()).isEqualTo(canonical);
        assertThat(Quantity.parse(canonical).orElseThrow().canonical()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "1 Gi", "1mi", "1KB", "1..2", "1e", "--1", "0x10", "1e99999"})
    void refusesWhatIsNoAmount(String text) {
        assertThat(Quantity.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1Gi, 1024Mi", "1, 1000m", "1k, 1e3"})
    void comparesByAmount(String one, String other) {
        assertThat(Quantity.parse(one).orElseThrow())
                .isEqualByComparingTo(Quantity.parse(other).orElseThrow());
    }
}
