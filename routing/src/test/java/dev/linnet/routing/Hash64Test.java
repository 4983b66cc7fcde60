package dev.linnet.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Hash64Test {
    /** Vectors of the reference implementation of XXH64. */
    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "Nobody inspects the spammish repetition, fbcea83c8a378bf1",
    })
    void isXxh64(String text, String expected) {
        assertThat(Long.toHexString(Hash64.of(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "7", "31", "32", "33", "64", "99"})
    void looksAtNothingButTheRange(int length) {
        byte[] bytes = "x".repeat(200).getBytes(StandardCharsets.US_ASCII);
        byte[] alone = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);

        assertThat(Hash64.of(bytes, 13, 13 + length, 5)).isEqualTo(Hash64.of(alone, 0, length, 5));
        assertThat(Hash64.of(bytes, 13, 13 + length, 6)).isNotEqualTo(Hash64.of(alone, 0, length, 5));
    }
}
