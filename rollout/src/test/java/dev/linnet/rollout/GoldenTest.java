package dev.linnet.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Stories of releases: {@code golden/*.yaml} says what the Canary is and what happens, {@code .txt} beside it what the release does.
 * {@code -Dgolden.write=true} writes the latter anew: read the difference before it is committed.
 */
final class GoldenTest {
    private static final Path STORIES = Path.of("src/test/resources/golden");
    private static final YAMLMapper YAML = new YAMLMapper();

    @TestFactory
    List<DynamicTest> doesAsTold() throws IOException {
        try (Stream<Path> files = Files.list(STORIES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(nameOf(file), () -> doesAsTold(file)))
                    .toList();
        }
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    private static void doesAsTold(Path file) throws IOException {
        String played = Story.play(YAML.readTree(file.toFile()));
        Path expected = file.resolveSibling(nameOf(file) + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(expected, played);
        }
        assertThat(played.lines().toList())
                .as(nameOf(file))
                .isEqualTo(Files.readString(expected).lines().toList());
    }
}
