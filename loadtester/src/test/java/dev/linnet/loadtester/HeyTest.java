package dev.linnet.loadtester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.loadtester.hey.Hey;
import dev.linnet.loadtester.hey.HeyOptions;
import dev.linnet.loadtester.hey.HeyReport;
import dev.linnet.loadtester.hey.ProxyEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeyTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void theLoadOfTheDocumentsRunsWithoutHeyInstalled() throws Exception {
        try (Counter service = new Counter();
                Tester tester = Tester.in(folder)) {
            String command = "hey -z 1s -q 10 -c 2 -H 'Cookie: canary=always' http://" + service.authority() + "/";
            assertThat(tester.ask(
                            "/",
                            new ObjectMapper()
                                    .writeValueAsString(Map.of("type", "cmd", "cmd", command, "logCmdOutput", "true"))))
                    .isEqualTo(new Tester.Reply(202, ""));

            await().until(() -> tester.log().stream().anyMatch(line -> line.contains("Requests/sec")));
            // Two workers of ten a second each, for a second; a slow machine may send fewer.
            assertThat(service.seen().size()).isBetween(2, 22);
            assertThat(service.seen()).allMatch(request -> request.cookie().equals("canary=always"));
        }
    }

    @Test
    void sendsExactlyAsManyAsAskedFor() throws Exception {
        try (Counter service = new Counter()) {
            HeyReport report = run("-n", "57", "-c", "5", "http://" + service.authority() + "/");
            assertThat(service.seen()).hasSize(57);
            assertThat(report.statuses()).isEqualTo(Map.of(200, 57L));
            assertThat(report.latencies()).hasSize(57).isSorted();
        }
    }

    @Test
    void countsFailures() throws Exception {
        try (Counter service = new Counter()) {
            HeyReport report = run("-n", "10", "-c", "1", "http://" + service.authority() + "/fails");
            assertThat(report.text()).contains("[500]\t10 responses");
        }
    }

    @Test
    void countsRequestsWithoutAnswer() throws Exception {
        String gone;
        try (Counter service = new Counter()) {
            gone = service.authority();
        }
        HeyReport report = run("-n", "3", "-c", "1", "http://" + gone + "/");
        assertThat(report.errors().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(3);
        assertThat(report.text()).contains("Error distribution");
    }

    @Test
    void sendsMethodBodyAndHost() throws Exception {
        try (Counter service = new Counter()) {
            run(
                    "-n",
                    "1",
                    "-c",
                    "1",
                    "-m",
                    "POST",
                    "-d",
                    "test",
                    "-host",
                    "app.example.com",
                    "http://" + service.authority() + "/token");
            assertThat(service.seen())
                    .containsExactly(new Counter.Seen("POST", "/token", "app.example.com", "null", "test"));
        }
    }

    @Test
    void goesThroughTheProxyOfTheEnvironment() throws Exception {
        try (Counter proxy = new Counter()) {
            Map<String, String> env =
                    Map.of("http_proxy", "http://" + proxy.authority(), "no_proxy", "localhost,.direct.example");
            HeyOptions options = HeyOptions.parse(List.of("-n", "1", "-c", "1", "http://podinfo-canary.test/"));
            new Hey(options, ProxyEnvironment.of(env), LIMIT).run();
            assertThat(proxy.seen())
                    .singleElement()
                    .satisfies(request -> assertThat(request.target()).isEqualTo("http://podinfo-canary.test/"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -z 1x http://a/       | hey: -z is 1x (expected: a duration such as 1m or 30s)
            -c 0 http://a/        | hey: -c is 0 (expected: 1 to 1000)
            -n 5 -c 10 http://a/  | hey: -n is 5 (expected: at least -c, which is 10)
            -z 1s ftp://a/        | hey: the URL is 'ftp://a/' (expected: http://… or https://…)
            -z 1s -H Cookie http://a/ | hey: -H is 'Cookie' (expected: 'Name: value')
            -n                    | hey: -n needs a value
            """)
    void saysWhatIsWrongWithACommandLine(String line, String message) {
        Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> HeyOptions.parse(List.of(line.split(" "))))
                .withMessage(message);
    }

    private static HeyReport run(String... arguments) throws InterruptedException {
        return new Hey(HeyOptions.parse(List.of(arguments)), ProxyEnvironment.of(Map.of()), LIMIT).run();
    }
}
