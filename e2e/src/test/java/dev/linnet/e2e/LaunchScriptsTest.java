package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launch scripts say on machines that are not set up, played with an environment of the test's own. */
final class LaunchScriptsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void explainsAMissingJdkAndEndsWithTwo() throws Exception {
        Program linnet = sh("JAVA_HOME=" + jdk("old", "17.0.2"), "find_jdk");
        assertThat(linnet.exit()).isEqualTo(2);
        assertThat(linnet.err())
                .contains("no JDK 25 was found")
                .contains("JDK 17")
                .contains("JAVA_HOME=");
    }

    @Test
    void takesTheJdkThatJavaHomeNames() throws Exception {
        Path home = jdk("new", "25.0.3");
        Program linnet = sh("JAVA_HOME=" + home, "find_jdk && echo \"$JAVA_HOME\"");
        assertThat(linnet.ok().trim()).isEqualTo(home.toString());
    }

    @Test
    void prefersAJdk25OnThePathOverAnOlderJavaHome() throws Exception {
        Path old = jdk("old", "17.0.2");
        Path home = jdk("new", "25.0.3");
        Program linnet =
                sh("JAVA_HOME=" + old, "PATH=" + home.resolve("bin") + ":$PATH; find_jdk && echo \"$JAVA_HOME\"");
        assertThat(linnet.ok().trim()).isEqualTo(home.toString());
    }

    @Test
    void kubectlTakesItAsOneOfItsCommands() throws Exception {
        Kubectl.needed();
        Path plugin = folder.resolve("kubectl-linnet");
        Files.copy(ROOT.resolve("kubectl-linnet"), plugin, StandardCopyOption.COPY_ATTRIBUTES);
        Path linnet = Files.writeString(folder.resolve("linnet"), "#!/bin/sh\necho \"linnet: $*\"\n");
        assertThat(linnet.toFile().setExecutable(true)).isTrue();
        Path linked = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(linked.resolve("kubectl-linnet"), plugin);

        assertThat(Program.run(
                                List.of(Kubectl.PROGRAM, "linnet", "rollouts", "get", "podinfo", "-n", "test"),
                                Map.of("PATH", linked + ":" + System.getenv("PATH")),
                                "")
                        .ok())
                .isEqualTo("linnet: rollouts get podinfo -n test\n");
    }

    @Test
    void buildExplainsItselfAndRefusesAnUnknownCommand() {
        assertThat(Program.run(List.of(ROOT.resolve("build").toString()), Map.of(), "")
                        .ok())
                .contains("verify")
                .contains("--no-setup");
        Program wrong = Program.run(List.of(ROOT.resolve("build").toString(), "verfiy"), Map.of(), "");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("no command 'verfiy'");
    }

    /** Runs a line after sourcing the search, with a home and fixed places in which no JDK is found unless the test put it there. */
    private Program sh(String environment, String line) throws Exception {
        String search = Files.readString(ROOT.resolve("scripts/find-jdk.sh"))
                .replace(" /usr/lib/jvm/*", " " + folder + "/jvm/*")
                .replaceAll(" /(usr/java|opt/java)/\\*", " ");
        Path script = Files.writeString(folder.resolve("find-jdk.sh"), search);
        List<String> command = new ArrayList<>(List.of("env", "HOME=" + folder, environment, "PATH=/usr/bin:/bin"));
        // javac of the machine stands in /usr/bin: a folder in front of it hides it.
        Path hidden = Files.createDirectories(folder.resolve("hidden"));
        command.addAll(List.of("sh", "-c", "PATH=" + hidden + ":/usr/bin:/bin; . " + script + "; " + line));
        return Program.run(command, Map.of(), "");
    }

    private Path jdk(String name, String version) throws Exception {
        Path home = Files.createDirectories(folder.resolve(name));
        Path javac = Files.createDirectories(home.resolve("bin")).resolve("javac");
        Files.writeString(javac, "#!/bin/sh\n");
        assertThat(javac.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
