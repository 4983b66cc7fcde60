package dev.linnet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the demo believes that a share was obeyed. */
final class SceneTest {

    @ParameterizedTest
    @CsvSource({
        "10, 500, 50, true",
        "10, 500, 90, true",
        "10, 500, 100, false",
        "10, 500, 0, false",
        "50, 2000, 1000, true",
        "50, 2000, 1150, false",
        "50, 2000, 850, false",
    })
    void aShareIsObeyedIfItIsWithinFiveStandardDeviations(int weight, long requests, long ofCanary, boolean obeyed) {
        Tally traffic = new Tally(
                Map.of("old", new Tally.Count(requests - ofCanary, 0), "new", new Tally.Count(ofCanary, 0)), 0);

        assertThat(Scene.isWithin(traffic, "new", weight)).isEqualTo(obeyed);
    }
}
