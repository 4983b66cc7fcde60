package dev.linnet.machine.node.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class ContainerLogTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    private Instant now = NOON;

    @Test
    void keepsLinesWithTheirTime() throws Exception {
        ContainerLog log = log(10_000);
        log.write("one\ntw".getBytes(UTF_8));
        now = now.plusMillis(1_500);
        log.write("o\n\nend".getBytes(UTF_8));
        log.close();

        assertThat(read(log, Map.of())).isEqualTo("one\ntwo\n\nend\n");
        assertThat(read(log, Map.of("timestamps", "true"))).isEqualTo("""
                2026-01-01T12:00:00.000000000Z one
                2026-01-01T12:00:00.000000000Z two
                2026-01-01T12:00:01.500000000Z\s
                2026-01-01T12:00:01.500000000Z end
                """);
    }

    @Test
    void givesTheLinesThatAreAskedFor() throws Exception {
        ContainerLog log = log(10_000);
        for (int i = 1; i <= 5; i++) {
            now = NOON.plusSeconds(i);
            log.write(("line " + i + "\n").getBytes(UTF_8));
        }

        assertThat(read(log, Map.of("tailLines", "2"))).isEqualTo("line 4\nline 5\n");
        assertThat(read(log, Map.of("tailLines", "0"))).isEmpty();
        assertThat(read(log, Map.of("tailLines", "99"))).startsWith("line 1\n");
        assertThat(read(log, Map.of("sinceTime", "2026-01-01T14:00:04+02:00"))).isEqualTo("line 4\nline 5\n");
        assertThat(read(log, Map.of("sinceSeconds", "1"))).isEqualTo("line 4\nline 5\n");
        assertThat(read(log, Map.of("limitBytes", "10"))).isEqualTo("line 1\nlin");
    }

    @Test
    void keepsOneFileBesideTheOneThatGrows() throws Exception {
        ContainerLog log = log(400);
        for (int i = 0; i < 100; i++) {
            log.write(("line " + i + "\n").getBytes(UTF_8));
        }

        String all = read(log, Map.of());

        assertThat(all).endsWith("line 98\nline 99\n").doesNotContain("line 50\n");
        assertThat(all.lines().count()).isBetween(10L, 20L);
        assertThat(read(log, Map.of("tailLines", "12")).lines().count()).isEqualTo(12);
        assertThat(Files.size(folder.resolve("0.log"))).isLessThanOrEqualTo(400);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void readsWhatAFormerProcessHasWritten() throws Exception {
        ContainerLog log = log(400);
        for (int i = 0; i < 20; i++) {
            log.write(("line " + i + "\n").getBytes(UTF_8));
        }
        log.close();
        String before = read(log, Map.of());

        assertThat(read(LogFiles.read(folder.resolve("0.log")), Map.of())).isEqualTo(before);
    }

    @Test
    void followsAcrossFilesUntilTheEnd() throws Exception {
        ContainerLog log = log(400);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thread reader = Thread.ofVirtual().start(() -> copy(log, out));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            String line = "line " + i + "\n";
            expected.append(line);
            log.write(line.getBytes(UTF_8));
            // Slower readers lose what is rotated away twice; that is not what this is about.
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> out.toString(UTF_8).contentEquals(expected));
        }
        log.close();
        reader.join();

        assertThat(out.toString(UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void cutsALineThatNeverEnds() throws Exception {
        ContainerLog log = log(10_000_000);
        log.write("x".repeat(200_000).getBytes(UTF_8));
        log.write('\n');

        assertThat(read(log, Map.of()).replace("\n", "")).isEqualTo("x".repeat(200_000));
        assertThat(read(log, Map.of()).lines().count()).isEqualTo(4);
    }

    @Test
    void saysWhichParameterMakesNoSense() {
        assertThatThrownBy(() -> request(Map.of("tailLines", "-1")))
                .hasMessage("tailLines is -1 (expected: a number from 0 on)");
        assertThatThrownBy(() -> request(Map.of("sinceTime", "yesterday")))
                .hasMessage("sinceTime is yesterday (expected: a time like 2026-01-01T00:00:00Z)");
    }

    private ContainerLog log(long limit) throws IOException {
        return new ContainerLog(LogFiles.create(folder.resolve("0.log"), limit), () -> now);
    }

    private LogRequest request(Map<String, String> query) {
        return LogRequest.parse(query::get, now);
    }

    private String read(ContainerLog log, Map<String, String> query) throws Exception {
        return read(log.files(), query);
    }

    private String read(LogFiles files, Map<String, String> query) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new LogCopy(files, request(query), out).run();
        return out.toString(UTF_8);
    }

    private void copy(ContainerLog log, ByteArrayOutputStream out) {
        try {
            new LogCopy(log.files(), request(Map.of("follow", "true")), out).run();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
