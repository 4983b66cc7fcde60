package dev.linnet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person reads at the terminal when something is missing or mistyped: clear words, exit code 2, no stack trace. */
final class CommandLineTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void helpShowsTheCommandsWithExamples() {
        assertThat(Linnet.run("--help").ok()).contains("demo").contains("up").contains("Examples:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "up",
                "gateway",
                "controller",
                "rollouts",
                "console",
                "explain",
                "check",
                "convert",
                "sample",
                "loadtester"
            })
    void everyCommandHasHelpWithAnExample(String command) {
        Program help = Linnet.run(command, "--help");
        assertThat(help.ok()).contains("Usage: linnet " + command).contains("Example");
        assertThat(help.err()).as("what the parser finds wrong with its texts").doesNotContain("WARN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "up --version", "rollouts get --version", "controller -version"})
    void everyCommandSaysItsVersion(String asked) {
        assertThat(Linnet.within(asked.split(" ")).ok()).startsWith("linnet ");
    }

    @Test
    void aWrongFlagIsNamed() {
        refused(Linnet.run("up", "--prot", "1"), "--prot");
    }

    @Test
    void aWrongAddressSaysWhatWouldBeRight() {
        refused(Linnet.run("up", "--http", "8080x"), "host:port");
    }

    @Test
    void aPortThatIsTakenIsNamedWithTheFlagThatMovesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Program up = Linnet.run(
                    "up", "--ephemeral", "--dir", folder.toString(), "--http", address, "--api", "127.0.0.1:0");
            refused(up, address);
            assertThat(up.err()).contains("--http");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        refused(Linnet.run("up", "--dir", "/proc/linnet"), "/proc/linnet");
    }

    @Test
    void anUnknownSampleListsThoseThereAre() {
        refused(Linnet.run("sample", "podinof"), "podinfo");
    }

    @Test
    void aSampleMovesIntoTheNamespaceThatIsAskedFor() {
        for (String sample : List.of("podinfo", "myapp", "mesh")) {
            String manifests = Linnet.run("sample", sample, "-n", "else").ok();
            for (String object : manifests.split("(?m)^---\n", -1)) {
                assertThat(object)
                        .containsPattern("(?m)^  (namespace|name): else$")
                        .doesNotContain("namespace: test");
            }
        }
    }

    @Test
    void aRangeThatPodsCannotLiveInIsNamedWithWhatHelps() {
        String directory = folder.toString();
        refused(Linnet.run("up", "--ephemeral", "--dir", directory, "--pod-cidr", "10.0.0.0"), "such as 10.244.0.0/16");
        // For documentation, RFC 5737: no machine has these.
        refused(
                Linnet.run(
                        "up",
                        "--ephemeral",
                        "--dir",
                        directory,
                        "--api",
                        "127.0.0.1:0",
                        "--http",
                        "127.0.0.1:0",
                        "--https",
                        "127.0.0.1:0",
                        "--metrics",
                        "127.0.0.1:0",
                        "--pod-cidr",
                        "203.0.113.0/24"),
                "ip route add local 203.0.113.0/24 dev lo");
    }

    @Test
    void aMissingKubeconfigIsNamed() {
        refused(
                Linnet.run("explain", "--kubeconfig", folder.resolve("none").toString(), "http://a.example.com/"),
                "none");
    }

    @Test
    void aClusterThatDoesNotAnswerIsNoStackTrace() throws Exception {
        int closed;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = server.getLocalPort();
        }

        refused(Linnet.run("check", "--kubeconfig", kubeconfig(closed)), "the cluster does not answer");
    }

    @Test
    void aConsoleSaysInWhichWayItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            refused(
                    Linnet.run("console", "--listen", address, "--kubeconfig", kubeconfig(1)),
                    "cannot listen on " + address + ": Address already in use (expected: a free port");
        }
    }

    /** Of a cluster at a port of this machine. */
    private String kubeconfig(int port) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig-" + port), """
                apiVersion: v1
                kind: Config
                clusters: [{name: some, cluster: {server: "http://127.0.0.1:%d"}}]
                contexts: [{name: some, context: {cluster: some}}]
                current-context: some
                """.formatted(port))
                .toString();
    }

    private static void refused(Program program, String words) {
        assertThat(program.exit()).as(program.err()).isEqualTo(2);
        assertThat(program.err()).contains(words);
        assertThat(List.of(program.err().split("\n"))).noneMatch(line -> line.startsWith("\tat "));
    }
}
