package dev.linnet.numbers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.numbers.Snapshot.Latency;
import dev.linnet.numbers.Snapshot.SeriesCounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which of a gateway's counters are those of a version. */
class VersionTest {
    private static final Version CANARY = Version.ofIngress("test", "podinfo", true);

    @Test
    void countsTheCanaryOfItsOwnIngressOnly() {
        Sum sum = Sum.of(
                snapshot(
                        counts("test/podinfo app.example.com/", "canary", 90, 10),
                        counts("test/podinfo app.example.com/api", "canary", 100, 0),
                        counts("test/podinfo app.example.com/", "primary", 500, 0),
                        counts("test/podinfo-admin app.example.com/", "canary", 7, 7)),
                CANARY::has);
        assertThat(sum.requests()).isEqualTo(200);
        assertThat(sum.failed()).isEqualTo(10);
        assertThat(sum.successRate()).isEqualTo(95);
        assertThat(sum.meanMillis()).isEqualTo(10);
    }

    @Test
    void countsAVersionByItsServiceWhicheverRouteAndSideItIs() {
        Version canary = Version.ofService("test", "podinfo", true);

        Sum sum = Sum.of(
                snapshot(
                        of("test/podinfo-canary:80", "canary", 10),
                        of("test/podinfo-canary:", "primary", 20),
                        of("test/podinfo-canary:80", "mirror", 40),
                        of("test/podinfo-canary-2:80", "canary", 100),
                        of("test/podinfo:80", "primary", 100),
                        of("prod/podinfo-canary:80", "canary", 100)),
                canary::has);

        assertThat(sum.requests()).isEqualTo(70);
    }

    @Test
    void countsWhoMeetsNoVersionByNameAsThePrimarys() {
        Version primary = Version.ofService("test", "podinfo", false);

        Sum sum = Sum.of(
                snapshot(
                        of("test/podinfo:80", "primary", 10),
                        of("test/podinfo-primary:80", "primary", 20),
                        of("test/podinfo-canary:80", "canary", 100),
                        of("prod/podinfo:80", "primary", 100)),
                primary::has);

        assertThat(sum.requests()).isEqualTo(30);
    }

    @Test
    void believesAGatewayInsideANamespaceWhatItSaysOfServicesThereAndNothingOfRoutesAtTheEdge() {
        Snapshot said = snapshot(
                        of("test/podinfo-canary:80", "canary", 10),
                        of("test-2/podinfo-canary:80", "canary", 20),
                        counts("test/podinfo app.example.com/", "canary", 40, 0))
                .inside("test");

        assertThat(said.gateway()).isEqualTo("test/g");
        assertThat(Sum.of(said, Version.ofService("test", "podinfo", true)::has).requests())
                .isEqualTo(10);
        assertThat(Sum.of(said, Version.ofService("test-2", "podinfo", true)::has))
                .isEqualTo(Sum.NONE);
        assertThat(Sum.of(said, Version.ofIngress("test", "root", true)::has)).isEqualTo(Sum.NONE);
        assertThat(Sum.of(said, CANARY::has)).isEqualTo(Sum.NONE);
    }

    private static SeriesCounts of(String service, String side, long good) {
        return new SeriesCounts(
                "test/root shop.example.com/",
                side,
                service,
                Map.of("2xx", good),
                Map.of(),
                new Latency(List.of(0.005), List.of(0L, good), 0));
    }

    private static Snapshot snapshot(SeriesCounts... series) {
        return new Snapshot("g", Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(series));
    }

    /** Each request takes ten milliseconds. */
    private static SeriesCounts counts(String route, String side, long good, long bad) {
        long all = good + bad;
        return new SeriesCounts(
                route,
                side,
                "podinfo",
                Map.of("2xx", good, "5xx", bad),
                Map.of(),
                new Latency(List.of(0.005), List.of(0L, all), all * 0.01));
    }
}
