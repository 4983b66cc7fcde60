package dev.linnet.machine.node.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {

    @TempDir
    private Path parent = Path.of("");

    private AtomicFolder folder() {
        return new AtomicFolder(parent.resolve("config"));
    }

    private Path at(String path) {
        return parent.resolve("config").resolve(path);
    }

    @Test
    void changesAllFilesByReplacingOneLink() throws Exception {
        folder().write(Map.of("a", file("1"), "deep/er", file("1"), "gone", file("1")));
        Path before = at("..data").toRealPath();

        folder().write(Map.of("a", file("2"), "deep/er", file("2"), "new", file("2")));

        assertThat(at("a")).hasContent("2");
        assertThat(at("deep/er")).hasContent("2");
        assertThat(at("new")).hasContent("2");
        assertThat(at("gone")).doesNotExist();
        assertThat(Files.isSymbolicLink(at("gone"))).isFalse();
        assertThat(at("..data").toRealPath()).isNotEqualTo(before);
        assertThat(before).doesNotExist();
    }

    @Test
    void leavesFilesAloneThatAreWhatTheyShouldBe() throws Exception {
        folder().write(Map.of("a", file("1")));
        Path before = at("..data").toRealPath();

        folder().write(Map.of("a", file("1")));

        assertThat(at("..data").toRealPath()).isEqualTo(before);
    }

    @Test
    void givesFilesTheirMode() throws Exception {
        folder().write(Map.of("key", VolumeFile.of("secret", 0400), "usual", VolumeFile.of("", null)));

        assertThat(Files.getAttribute(at("key"), "unix:mode")).isEqualTo(0100400);
        assertThat(Files.getAttribute(at("usual"), "unix:mode")).isEqualTo(0100644);
    }

    @Test
    void takesThePlaceOfAFolderThatWasWrittenOtherwise() throws Exception {
        Files.createDirectories(at("old"));
        Files.writeString(at("a"), "0");

        folder().write(Map.of("a", file("1")));

        assertThat(at("a")).hasContent("1");
        assertThat(at("old")).doesNotExist();
    }

    @Test
    void refusesNamesThatAreItsOwn() throws IOException {
        assertThatThrownBy(() -> folder().write(Map.of("..data", file("1"))))
                .hasMessage("path \"..data\" begins with .. (expected: another name)");
        try (var left = Files.list(parent.resolve("config"))) {
            assertThat(left).isEmpty();
        }
    }

    private static VolumeFile file(String content) {
        return VolumeFile.of(content, null);
    }
}
