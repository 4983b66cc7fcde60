package dev.linnet.numbers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class IstioMetricsTest {
    private static final Pattern REQUESTS = Pattern.compile(
            "istio_requests_total\\{.*reporter=\"(source|destination)\".*response_code=\"(\\d+)\".*response_flags=\"([A-Z-]+)\".*} (\\d+)");
    private static final Call.Peer POD = new Call.Peer(Graph.Kind.WORKLOAD, "shop", "back-v1", "back", "v1");

    private final Recorder loop = new Recorder(100);

    private static Call to(Call.Peer destination) {
        return new Call(Call.Peer.UNKNOWN, destination, "shop", "back");
    }

    private static Outcome outcome(int status, Failure failure) {
        return Outcome.withoutEndpoint(Method.GET, status, failure, 1000, 300, 100);
    }

    @Test
    void tellsByAFlagWhyRequestsHaveFailed() {
        SeriesRecorder nobody = loop.of(to(Call.Peer.service("shop", "back")));
        nobody.record(outcome(503, Failure.OVERFLOW));
        nobody.record(outcome(503, Failure.OVERFLOW));
        nobody.record(outcome(503, Failure.NO_ENDPOINTS));
        SeriesRecorder somebody = loop.of(to(POD));
        somebody.record(outcome(503, Failure.NONE));
        somebody.record(outcome(504, Failure.READ_TIMEOUT));

        assertThat(requests())
                .containsExactlyInAnyOrder(
                        "source 503 UO 2",
                        "source 503 UH 1",
                        "source 503 - 1",
                        "destination 503 - 1",
                        "source 504 UT 1",
                        "destination 504 UT 1");
    }

    private List<String> requests() {
        PrometheusPage page = new PrometheusPage(Map.of());
        new IstioMetrics(CallReading.of(List.of(loop), Instant.EPOCH)).writeTo(page);
        return REQUESTS.matcher(page.text())
                .results()
                .map(IstioMetricsTest::words)
                .toList();
    }

    private static String words(MatchResult found) {
        return String.join(" ", found.group(1), found.group(2), found.group(3), found.group(4));
    }
}
