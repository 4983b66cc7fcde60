package dev.linnet.machine.node.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumesTest {

    @TempDir
    private Path folder = Path.of("");

    private Volumes volumes = new Volumes(folder, new FewReferences(), self());

    @BeforeEach
    void inTheFolder() {
        volumes = new Volumes(folder.resolve("volumes"), new FewReferences(), self());
    }

    @Test
    void writesOnlyTheChosenKeysWhereTheyAreWanted() throws Exception {
        volumes.make(volume("configMap: {name: settings, items: [{key: a, path: deep/er/a.txt}]}"));

        assertThat(folder.resolve("volumes/v/deep/er/a.txt")).hasContent("A");
        assertThat(folder.resolve("volumes/v/b")).doesNotExist();
    }

    @Test
    void putsSeveralSourcesIntoOneFolder() throws Exception {
        volumes.make(volume("""
                projected:
                  sources:
                  - configMap: {name: settings}
                  - downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}
                  - serviceAccountToken: {path: token}
                  - secret: {name: nope, optional: true}
                """));

        assertThat(folder.resolve("volumes/v/b")).hasContent("B");
        assertThat(folder.resolve("volumes/v/name")).hasContent("web");
        assertThat(folder.resolve("volumes/v/token")).hasContent("token for anybody, 3600 s");
    }

    @Test
    void showsWhereMountsReallyAre() throws Exception {
        volumes.make(volume("configMap: {name: settings}"));
        volumes.make(Serialization.unmarshal("name: scratch\nemptyDir: {}", Volume.class));
        Container container = Serialization.unmarshal("""
                name: app
                volumeMounts:
                - {name: v, mountPath: /etc/app}
                - {name: v, mountPath: /etc/a.txt, subPath: a}
                - {name: scratch, mountPath: /data, subPathExpr: $(POD)/x}
                """, Container.class);

        Map<String, Path> mounts = volumes.mounts(container, Map.of("POD", "web-1"));

        assertThat(mount(mounts, "/etc/app").resolve("b")).hasContent("B");
        assertThat(mount(mounts, "/etc/a.txt")).hasContent("A");
        assertThat(mount(mounts, "/data")).isDirectory().isEqualTo(folder.resolve("volumes/scratch/web-1/x"));
    }

    @Test
    void neverLeavesItsFolder() throws IOException {
        assertThatThrownBy(
                        () -> volumes.make(volume("configMap: {name: settings, items: [{key: a, path: ../../evil}]}")))
                .hasMessage("path \"../../evil\" leads out of its folder (expected: a relative path without ..)");
        assertThatThrownBy(
                        () -> volumes.make(volume("configMap: {name: settings, items: [{key: a, path: /tmp/evil}]}")))
                .hasMessage("path \"/tmp/evil\" leads out of its folder (expected: a relative path without ..)");
        Container container = Serialization.unmarshal(
                "name: app\nvolumeMounts: [{name: v, mountPath: /x, subPath: ../../..}]", Container.class);
        assertThatThrownBy(() -> volumes.mounts(container, Map.of())).hasMessageContaining("leads out of its folder");
        try (var left = Files.list(folder)) {
            assertThat(left).allMatch(path -> path.getFileName().toString().equals("volumes"));
        }
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> volumes.make(volume("configMap: {name: nope}")))
                .hasMessage("configmap \"nope\" not found");
        assertThatThrownBy(() -> volumes.make(volume("configMap: {name: settings, items: [{key: c, path: c}]}")))
                .hasMessage("configmap references non-existent config key: c");
        assertThatThrownBy(() -> volumes.make(volume("hostPath: {path: /etc}")))
                .hasMessageStartingWith("volume \"v\" is of a kind that this machine does not have");
    }

    private static Path mount(Map<String, Path> mounts, String path) {
        return Objects.requireNonNull(mounts.get(path));
    }

    private static Volume volume(String source) {
        return Serialization.unmarshal("name: v\n" + source, Volume.class);
    }

    private static DownwardApi self() {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
        return new DownwardApi(pod, "127.70.0.2", "127.70.127.1", Map.of());
    }

    private static final class FewReferences implements References {
        @Override
        public Optional<Map<String, byte[]>> configMap(String name) {
            return name.equals("settings")
                    ? Optional.of(Map.of("a", "A".getBytes(UTF_8), "b", "B".getBytes(UTF_8)))
                    : Optional.empty();
        }

        @Override
        public Optional<Map<String, byte[]>> secret(String name) {
            return Optional.empty();
        }

        @Override
        public String token(String audience, Duration life) {
            return "token for " + (audience.isEmpty() ? "anybody" : audience) + ", " + life.toSeconds() + " s";
        }
    }
}
