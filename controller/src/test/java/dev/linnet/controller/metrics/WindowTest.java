package dev.linnet.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.Snapshot.Latency;
import dev.linnet.numbers.Snapshot.SeriesCounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What happened to one version's requests, from the counters of gateways. */
class WindowTest {
    private static final Window.Version CANARY = new Window.Version.OfRoute("test/podinfo ", true);

    @Test
    void countsTheCanaryOfItsOwnIngressOnly() {
        Window window = Window.of(
                snapshot(
                        counts("test/podinfo app.example.com/", "canary", 90, 10),
                        counts("test/podinfo app.example.com/api", "canary", 100, 0),
                        counts("test/podinfo app.example.com/", "primary", 500, 0),
                        counts("test/podinfo-admin app.example.com/", "canary", 7, 7)),
                CANARY);
        assertThat(window.requests()).isEqualTo(200);
        assertThat(window.failed()).isEqualTo(10);
        assertThat(window.successRate()).isEqualTo(95);
        assertThat(window.meanMillis()).isEqualTo(10);
    }

    @Test
    void aRateIsADifference() {
        Window before = Window.of(snapshot(counts("test/podinfo a/", "canary", 1000, 0)), CANARY);
        Window now = Window.of(snapshot(counts("test/podinfo a/", "canary", 1010, 10)), CANARY);
        assertThat(now.since(before).requests()).isEqualTo(20);
        assertThat(now.since(before).successRate()).isEqualTo(50);
        assertThat(now.since(Window.NONE)).isEqualTo(now);
    }

    @Test
    void countsAVersionByItsServiceWhicheverRouteAndSideItIs() {
        Window.Version canary = new Window.Version.OfServices(Set.of("test/podinfo-canary"));

        Window window = Window.of(
                snapshot(
                        of("test/podinfo-canary:80", "canary", 10),
                        of("test/podinfo-canary:", "primary", 20),
                        of("test/podinfo-canary:80", "mirror", 40),
                        of("test/podinfo-canary-2:80", "canary", 100),
                        of("test/podinfo:80", "primary", 100),
                        of("prod/podinfo-canary:80", "canary", 100)),
                canary);

        assertThat(window.requests()).isEqualTo(70);
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
