package dev.linnet.loadtester;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetyTest {
    @TempDir
    private Path folder;

    @Test
    void refusesRequestsThatAWebPageSends() throws Exception {
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.ask("/gate/open", "{}", "Origin", "http://evil.example")
                            .status())
                    .isEqualTo(403);
            assertThat(tester.ask("/gate/open", "{}", "Sec-Fetch-Site", "cross-site")
                            .status())
                    .isEqualTo(403);
            assertThat(tester.ask("/gate/check", "{}").status())
                    .as("still closed")
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example.com", "flagger-loadtester.other", "a.b"})
    void refusesNamesThatAreNotItsOwn(String host) throws Exception {
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.ask("/gate/open", "{}", "Host", host).status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flagger-loadtester",
                "flagger-loadtester.test",
                "flagger-loadtester.test.svc",
                "flagger-loadtester.test.svc.cluster.local:80",
                "127.0.0.1:8080",
                "localhost"
            })
    void answersToItsNamesInACluster(String host) throws Exception {
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.ask("/gate/open", "{}", "Host", host).status()).isEqualTo(202);
        }
    }

    @Test
    void actsForItsCallersOnly() throws Exception {
        Callers known = caller -> caller.token().equals(Optional.of("known"));
        try (Tester tester = new Tester.Wish().callers(known).start(folder)) {
            Tester.Reply stranger = tester.ask("/gate/open", "{}");
            assertThat(stranger.status()).isEqualTo(403);
            assertThat(stranger.text()).contains("--allow-from");
            assertThat(tester.ask("/gate/open", "{}", "Authorization", "Bearer known")
                            .status())
                    .isEqualTo(202);
        }
    }

    @Test
    void actsForCanariesOfItsNamespacesOnly() throws Exception {
        try (Tester tester = new Tester.Wish().namespaces("^prod$").start(folder)) {
            assertThat(tester.ask("/gate/open", "{}")).isEqualTo(new Tester.Reply(403, "Forbidden"));
            assertThat(tester.send("/gate/open", "{\"name\":\"podinfo\",\"namespace\":\"prod\"}")
                            .status())
                    .isEqualTo(202);
        }
    }

    @Test
    void runsNoProgramThatIsNotAllowed() throws Exception {
        Path trace = folder.resolve("trace");
        try (Tester tester = Tester.in(folder)) {
            Tester.Reply reply = tester.ask("/", "{\"type\":\"bash\",\"cmd\":\"touch " + trace + "\"}");
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text())
                    .isEqualTo("touch is not among the allowed commands"
                            + " (expected: hey, wrk, ghz, curl, grpc_health_probe; --allow-commands names others)");
            assertThat(Files.exists(trace)).isFalse();
        }
    }

    @Test
    void startsNoShellForAnAllowedProgram() throws Exception {
        Path trace = folder.resolve("trace");
        try (Tester tester = Tester.in(folder)) {
            Tester.Reply reply = tester.ask("/", "{\"type\":\"bash\",\"cmd\":\"curl --version; touch " + trace + "\"}");
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text()).contains("needs a shell").contains("--allow-commands");
            assertThat(Files.exists(trace)).isFalse();
        }
    }

    @Test
    void saysWhatIsWrongWithABody() throws Exception {
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.send("/gate/open", "{").status()).isEqualTo(400);
            assertThat(tester.send("/", "{\"name\":\"podinfo\",\"namespace\":\"test\"}"))
                    .isEqualTo(new Tester.Reply(400, "metadata not found in payload"));
            assertThat(tester.ask("/", "{\"type\":\"cmd\"}"))
                    .isEqualTo(new Tester.Reply(400, "cmd not found in metadata"));
            assertThat(tester.ask("/", "{\"type\":\"nonsense\"}").text())
                    .isEqualTo("unknown task type nonsense (expected: cmd, bash, helm, helmv3, kubectl or concord)");
            assertThat(tester.send("/", "x".repeat(2 << 20)).status()).isEqualTo(400);
        }
    }
}
