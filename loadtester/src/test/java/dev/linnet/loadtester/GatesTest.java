package dev.linnet.loadtester;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatesTest {
    @TempDir
    private Path folder;

    @Test
    void aGateIsClosedUntilSomebodyOpensIt() throws Exception {
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.ask("/gate/check", "{}")).isEqualTo(new Tester.Reply(403, "Forbidden"));

            assertThat(tester.ask("/gate/open", "{}")).isEqualTo(new Tester.Reply(202, ""));
            assertThat(tester.ask("/gate/check", "{}")).isEqualTo(new Tester.Reply(200, "Approved"));

            assertThat(tester.ask("/gate/close", "{}").status()).isEqualTo(202);
            assertThat(tester.ask("/gate/check", "{}").status()).isEqualTo(403);
        }
    }

    @Test
    void aGateOfOneCanaryIsNotAnothers() throws Exception {
        try (Tester tester = Tester.in(folder)) {
            tester.ask("/gate/open", "{}");
            assertThat(tester.send("/gate/check", "{\"name\":\"podinfo\",\"namespace\":\"other\"}")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aRollbackIsAskedForApartFromGates() throws Exception {
        try (Tester tester = Tester.in(folder)) {
            tester.ask("/gate/open", "{}");
            assertThat(tester.ask("/rollback/check", "{}").status()).isEqualTo(403);
            tester.ask("/rollback/open", "{}");
            assertThat(tester.ask("/rollback/check", "{}")).isEqualTo(new Tester.Reply(200, "Approved"));
            tester.ask("/rollback/close", "{}");
            assertThat(tester.ask("/rollback/check", "{}").status()).isEqualTo(403);
        }
    }

    @Test
    void approveAndHaltAlwaysSayTheSame() throws Exception {
        try (Tester tester = Tester.in(folder)) {
            assertThat(tester.send("/gate/approve", "")).isEqualTo(new Tester.Reply(200, "OK"));
            assertThat(tester.send("/gate/halt", "")).isEqualTo(new Tester.Reply(403, "Forbidden"));
            assertThat(tester.send("/healthz", "")).isEqualTo(new Tester.Reply(200, "OK"));
        }
    }
}
