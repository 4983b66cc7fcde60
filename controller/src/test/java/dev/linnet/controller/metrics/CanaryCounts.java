package dev.linnet.controller.metrics;

import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.Snapshot.Latency;
import dev.linnet.numbers.Snapshot.SeriesCounts;
import dev.linnet.numbers.SnapshotJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a gateway says that it has counted of a canary. */
final class CanaryCounts {
    private CanaryCounts() {}

    static String counted(Instant started, long good, long bad) {
        return SnapshotJson.write(new Snapshot(
                "one",
                started,
                started,
                Map.of(),
                List.of(new SeriesCounts(
                        "test/web app.example.com /",
                        "canary",
                        "podinfo-canary",
                        Map.of("2xx", good, "5xx", bad),
                        Map.of(),
                        new Latency(List.of(1.0), List.of(good + bad, 0L), 0)))));
    }
}
