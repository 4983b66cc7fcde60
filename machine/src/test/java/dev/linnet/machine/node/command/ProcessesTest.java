package dev.linnet.machine.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs outside of this JVM, and what becomes of them. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ProcessesTest {
    /** Says who it is and whom it has started: one the usual way, one that has left its session, and one without a parent. */
    private static final String FAMILY =
            "sleep 1000 & echo $!; setsid sleep 1000 & echo $!; (env -i sleep 1000 & echo $!); echo $$; exec sleep 1000";

    @TempDir
    private Path folder = Path.of("");

    /** Started by {@link #leavesNothingBehindWhenTheMachineIsKilled}: a machine to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] folder) throws IOException {
            Processes processes = new Processes(Path.of(folder[0]));
            Process family = processes.start(family(Path.of(folder[0]))).process();
            System.out.print(String.join(" ", four(family)) + "\n");
            System.out.flush();
            // Its input stays open until it is killed, or until the test ends without having done so.
            System.in.read();
        }
    }

    private static Processes.Launch family(Path folder) {
        return new Processes.Launch(
                List.of("sh", "-c", FAMILY),
                Map.of("PATH", System.getenv("PATH")),
                new Processes.Place(folder.resolve("app"), folder, Map.of()),
                "");
    }

    /** The ids that a family tells. Its output stays open, as it lives on. */
    private static List<String> four(Process family) throws IOException {
        BufferedReader output = family.inputReader(StandardCharsets.US_ASCII);
        return List.of(output.readLine(), output.readLine(), output.readLine(), output.readLine());
    }

    @Test
    void killsAllThatCameOfAProgram() throws Exception {
        try (Processes processes = new Processes(folder)) {
            Processes.Started family = processes.start(family(folder));
            List<String> ids = four(family.process());
            assertThat(ids).allMatch(ProcessesTest::isAlive);

            family.kill();

            assertThat(ids).noneMatch(ProcessesTest::isAlive);
        }
    }

    @Test
    void leavesOtherProgramsAlone() throws Exception {
        try (Processes processes = new Processes(folder)) {
            Processes.Started one = processes.start(family(folder));
            Processes.Started other = processes.start(family(folder).beside(List.of("sleep", "1000"), "/other"));

            one.kill();

            assertThat(other.process().isAlive()).isTrue();
        }
    }

    @Test
    void leavesNothingBehindWhenItIsClosed() throws Exception {
        List<String> ids;
        try (Processes processes = new Processes(folder)) {
            ids = four(processes.start(family(folder)).process());
        }

        assertThat(ids).noneMatch(ProcessesTest::isAlive);
    }

    @Test
    void leavesNothingBehindWhenTheMachineIsKilled() throws Exception {
        Process machine = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> ids;
        try {
            ids = List.of(
                    machine.inputReader(StandardCharsets.US_ASCII).readLine().split(" ", -1));
            assertThat(ids).hasSize(4).allMatch(ProcessesTest::isAlive);
        } finally {
            // SIGKILL: no hook runs.
            machine.destroyForcibly();
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(ids).noneMatch(ProcessesTest::isAlive));
    }

    @Test
    void replacesAGuardianThatSomebodyHasKilled() throws Exception {
        try (Processes processes = new Processes(folder)) {
            Processes.Started family = processes.start(family(folder));
            assertThat(guardians()).hasSize(1);
            ProcessHandle first = guardians().getFirst();

            first.destroyForcibly();

            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() ->
                            guardians().size() == 1 && !guardians().getFirst().equals(first));
            assertThat(family.process().isAlive()).isTrue();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> guardians().isEmpty());
    }

    @Test
    void killsWhatAFormerRunHasLeftBehind() throws Exception {
        Process left = new ProcessBuilder("sleep", "1000").start();
        ProcessBuilder marked = new ProcessBuilder("sleep", "1000");
        marked.environment().put("LINNET_CONTAINER", folder + "/uid/containers/app#0123");
        Process ours = marked.start();
        try (Processes processes = new Processes(folder)) {
            Awaitility.await().until(() -> Proc.wasStartedWith(ours.pid(), "LINNET_CONTAINER"));

            processes.killLeftOvers();

            assertThat(ours.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(left.isAlive()).isTrue();
        } finally {
            left.destroyForcibly();
            ours.destroyForcibly();
        }
    }

    private static List<ProcessHandle> guardians() {
        return ProcessHandle.current()
                .children()
                .filter(child -> Proc.read(child.pid(), "cmdline")
                        .filter(line -> line.contains("linnet-guardian"))
                        .isPresent())
                .toList();
    }

    /** A process that has ended but was not waited for by its parent is dead too. */
    private static boolean isAlive(String id) {
        return Proc.statFields(Long.parseLong(id))
                .filter(fields -> !fields[0].equals("Z"))
                .isPresent();
    }
}
