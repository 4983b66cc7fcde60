package dev.linnet.machine.node;

import static dev.linnet.machine.node.LocalCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How programs of this machine end as containers, and what is known and done then. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class CommandEndTest {
    private CommandPods pods;
    private LocalCluster cluster;
    private Path directory = Path.of("");

    @BeforeAll
    void start(@TempDir Path folder) {
        pods = new CommandPods(folder);
        cluster = pods.cluster;
        directory = folder;
    }

    @AfterAll
    void stop() {
        pods.close();
    }

    @Test
    void startsACommandAgainAfterItsEndAndRemembersHowThatWas() {
        cluster.namespace("crash");
        pods.shell("crash", "web", "echo life; exit 3", "", "");

        eventually()
                .ignoreException(NoSuchElementException.class)
                .until(() -> pods.status("crash", "web").getRestartCount() >= 1
                        && pods.status("crash", "web").getLastState().getTerminated() != null);

        ContainerStateTerminated last =
                pods.status("crash", "web").getLastState().getTerminated();
        assertThat(last.getExitCode()).isEqualTo(3);
        assertThat(last.getReason()).isEqualTo("Error");
        eventually().until(() -> pods.waiting("crash", "web").equals("CrashLoopBackOff"));
        assertThat(cluster.client
                        .pods()
                        .inNamespace("crash")
                        .withName("web")
                        .terminated()
                        .getLog())
                .isEqualTo("life\n");
        eventually()
                .until(() -> cluster.events("crash", "BackOff").stream()
                        .anyMatch(message ->
                                message.startsWith("Back-off restarting failed container app in pod web_crash(")));
    }

    @Test
    void passesOnWhatAProgramSaysOfItsEnd() {
        cluster.namespace("last-words");
        String file = "echo no such table > dev/termination-log; echo noise; exit 3";
        pods.shell("last-words", "file", file, "    restartPolicy: Never\n", "");
        pods.shell("last-words", "log", "echo last; echo words; exit 1", "    restartPolicy: Never\n", """
                        terminationMessagePolicy: FallbackToLogsOnError
                """);
        pods.shell("last-words", "chosen", "echo chosen > out/message", "    restartPolicy: Never\n", """
                        terminationMessagePath: /out/message
                """);

        assertThat(CommandPods.ended(pods.over("last-words", "file")).getMessage())
                .isEqualTo("no such table\n");
        assertThat(CommandPods.ended(pods.over("last-words", "log")).getMessage())
                .isEqualTo("last\nwords\n");
        assertThat(CommandPods.ended(pods.over("last-words", "chosen")).getMessage())
                .isEqualTo("chosen\n");
    }

    @Test
    void tellsWhyAProgramCannotBeStarted() {
        cluster.namespace("absent");
        cluster.create(Pod.class, """
                apiVersion: v1
                kind: Pod
                metadata: {name: task, namespace: absent}
                spec:
                  restartPolicy: Never
                  containers: [{name: app, image: own, command: [no-such-program]}]
                """);

        ContainerStateTerminated end = CommandPods.ended(pods.over("absent", "task"));

        assertThat(end.getExitCode()).isEqualTo(128);
        assertThat(end.getReason()).isEqualTo("StartError");
        assertThat(end.getMessage()).isEqualTo("exec: \"no-such-program\": executable file not found in $PATH");
    }

    @Test
    void letsACommandFinishWhenItsPodIsDeleted() throws Exception {
        cluster.namespace("graceful");
        pods.shell(
                "graceful",
                "web",
                "trap 'echo bye > \"$OUT\"; exit 0' TERM; echo up; while :; do sleep 0.05; done",
                "",
                """
                        env: [{name: OUT, value: %s}]
                """.formatted(directory.resolve("graceful")));
        cluster.readyPod("graceful", "web");
        eventually().until(() -> !pods.log("graceful", "web").isEmpty());

        pods.delete("graceful", "web");

        assertThat(Files.readString(directory.resolve("graceful"))).isEqualTo("bye\n");
    }

    @Test
    void killsACommandThatDoesNotEndInItsGracePeriodAndAllThatItStarted() {
        cluster.namespace("stubborn");
        pods.shell(
                "stubborn",
                "web",
                "trap '' TERM; sleep 1000 & echo $!; setsid sleep 1000 & echo $!; echo $$; while :; do sleep 0.05; done",
                "    terminationGracePeriodSeconds: 1\n",
                "");
        cluster.readyPod("stubborn", "web");
        eventually().until(() -> pods.log("stubborn", "web").lines().count() == 3);
        List<String> ids = pods.log("stubborn", "web").lines().toList();

        pods.delete("stubborn", "web");

        assertThat(ids).noneMatch(id -> Files.exists(Path.of("/proc", id, "exe")));
    }

    @Test
    void startsAContainerAgainWhosePostStartHookFails() {
        cluster.namespace("hook");
        pods.shell("hook", "web", "sleep 1000", "", """
                        lifecycle: {postStart: {exec: {command: [sh, -c, "echo not today; exit 1"]}}}
                """);

        eventually()
                .until(() -> cluster.events("hook", "FailedPostStartHook").contains("PostStartHook failed: not today"));
        eventually()
                .ignoreException(NoSuchElementException.class)
                .until(() -> pods.status("hook", "web").getRestartCount() > 0);
    }
}
