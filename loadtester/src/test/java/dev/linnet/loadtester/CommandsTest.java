package dev.linnet.loadtester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.loadtester.task.CommandPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandsTest {
    @TempDir
    private Path folder;

    @Test
    void aTestThatPassesIsAYes() throws Exception {
        try (Tester tester = Tester.thatAllowsAll(folder)) {
            assertThat(tester.ask("/", bash("echo token | grep token"))).isEqualTo(new Tester.Reply(200, ""));
        }
    }

    @Test
    void aTestThatFailsIsANoWithWhatItPrinted() throws Exception {
        try (Tester tester = Tester.thatAllowsAll(folder)) {
            Tester.Reply reply = tester.ask("/", bash("echo no such thing; exit 3"));
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.text())
                    .isEqualTo("command echo no such thing; exit 3 failed: no such thing\n: exit status 3");
        }
    }

    @Test
    void returnsOutputWhereItIsWanted() throws Exception {
        try (Tester tester = Tester.thatAllowsAll(folder)) {
            String metadata = json(Map.of("type", "bash", "cmd", "echo out; echo err >&2", "returnCmdOutput", "true"));
            assertThat(tester.ask("/", metadata)).isEqualTo(new Tester.Reply(200, "out\nerr\n"));
        }
    }

    @Test
    void aProgramThatIsNotThereIsANo() throws Exception {
        try (Tester tester = new Tester.Wish()
                .commands(CommandPolicy.of(List.of("no-such-program")))
                .start(folder)) {
            Tester.Reply reply = tester.ask("/", bash("no-such-program now"));
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.text()).contains("cannot start");
        }
    }

    @Test
    void killsACommandAtItsTimeLimitWithAllItsChildren() throws Exception {
        try (Tester tester = new Tester.Wish()
                .commands(CommandPolicy.anything())
                .timeout(Duration.ofMillis(500))
                .start(folder)) {
            Tester.Reply reply = tester.ask("/", bash("sleep 300 & echo $! > child; wait"));
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.text()).contains("killed after");
            await().until(() -> !isAlive(folder.resolve("child")));
        }
    }

    @Test
    void anEqualCommandThatStillRunsIsNotStartedAgain() throws Exception {
        try (Tester tester = Tester.thatAllowsAll(folder)) {
            String load = json(
                    Map.of(
                            "cmd",
                            "[ -e end ] && echo after >> starts || echo before >> starts; while [ ! -e end ]; do sleep 0.05; done"));
            Path starts = folder.resolve("starts");
            assertThat(tester.ask("/", load)).isEqualTo(new Tester.Reply(202, ""));
            await().until(() -> Files.exists(starts));
            assertThat(tester.ask("/", load)).isEqualTo(new Tester.Reply(202, ""));
            tester.ask("/", json(Map.of("cmd", "touch other")));
            await().until(() -> Files.exists(folder.resolve("other")));
            Files.createFile(folder.resolve("end"));

            await().untilAsserted(() -> {
                tester.ask("/", load);
                assertThat(Files.readAllLines(starts)).contains("after");
            });
            assertThat(Files.readAllLines(starts)).filteredOn("before"::equals).hasSize(1);
        }
    }

    @Test
    void nothingOutlivesTheLoadTester() throws Exception {
        Path child = folder.resolve("child");
        try (Tester tester = Tester.thatAllowsAll(folder)) {
            tester.ask("/", json(Map.of("cmd", "echo $$ > child; sleep 300 & wait")));
            await().until(() -> Files.exists(child) && Files.size(child) > 0);
        }
        await().until(() -> !isAlive(child));
    }

    @Test
    void logsWhatACommandPrintsWhereItIsWanted() throws Exception {
        try (Tester tester = Tester.thatAllowsAll(folder)) {
            tester.ask("/", json(Map.of("cmd", "echo printed", "logCmdOutput", "true")));
            await().until(() -> tester.log().contains("printed\n"));
        }
    }

    private static boolean isAlive(Path pidFile) throws Exception {
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static String bash(String command) throws Exception {
        return json(Map.of("type", "bash", "cmd", command));
    }

    private static String json(Map<String, String> metadata) throws Exception {
        return new ObjectMapper().writeValueAsString(metadata);
    }
}
