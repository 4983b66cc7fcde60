package dev.linnet.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which members of baggage tell sides of releases, also where somebody hides that. */
final class BaggageTest {
    private static boolean hasOurs(String baggage) {
        byte[] bytes = ("x" + baggage + "x").getBytes(StandardCharsets.ISO_8859_1);
        return Baggage.hasOurs(bytes, 1, bytes.length - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linnet-release=a:canary",
                " linnet-release\t= a:canary",
                "a=b,linnet-release=a:canary",
                "a=b;c=d , linnet-release=a:canary;e",
                "LINNET-Release=a:canary",
                "linnet%2Drelease=a:canary",
                "%6cinnet-%52elease=a:canary",
                "%20linnet-release%20=a:canary",
                "linnet-release",
                "linnet-release;p=1",
                ",,linnet-release=a:canary,",
            })
    void findsThem(String baggage) {
        assertThat(hasOurs(baggage)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "a=b",
                "linnet-releases=a:canary",
                "linnet-releas=a:canary",
                "a=linnet-release",
                "a=b;linnet-release=a:canary",
                "linnet_release=a:canary",
                "linnet%2=a",
                "%",
            })
    void leavesAllOthersAlone(String baggage) {
        assertThat(hasOurs(baggage)).isFalse();
    }
}
