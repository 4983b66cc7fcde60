package dev.linnet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A controller that dies at any point of a release leaves nothing behind that the next one does not put right. */
final class CrashProperties {
    private static final Path STORIES = Path.of("src/test/resources/golden");
    private static final int MOST_EFFECTS = 10;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "promotes-a-good-version",
                "takes-a-bad-version-back",
                "all-hooks-in-their-order",
                "mirrors-before-the-first-step",
                "the-primary-takes-over-step-by-step",
                "tests-with-an-audience",
                "blue-green",
                "blue-green-without-routes",
                "skips-the-analysis",
                "scalers-rest-and-act-with-their-target",
                "a-reverted-target-ends-the-run",
                "a-failed-promotion-is-finished-when-the-primary-is-ready",
                "traffic-stays-where-pods-serve",
                "promotion-waits-for-its-gate",
                "deletion-ends-a-run"
            })
    void endsAsWithoutACrash(String name) throws IOException {
        JsonNode story =
                new YAMLMapper().readTree(STORIES.resolve(name + ".yaml").toFile());
        String undisturbed = Story.endOf(story, Story.Crash.NEVER);
        int acts = Story.actsOf(story);
        for (int act = 0; act < acts; act++) {
            for (int effects = 0; effects <= MOST_EFFECTS; effects++) {
                Story.Crash crash = new Story.Crash(act, effects);
                assertThat(Story.endOf(story, crash))
                        .as("%s with %s", name, crash)
                        .isEqualTo(undisturbed);
            }
        }
    }
}
