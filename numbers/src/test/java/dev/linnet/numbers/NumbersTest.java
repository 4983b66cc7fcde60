package dev.linnet.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    private static final Series WEB = series("primary", "");
    private static final Series CANARY = series("canary", "default-web-canary-80");
    private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

    private final Recorder loop = new Recorder(100);

    private static Series series(String side, String canary) {
        String backend = canary.isEmpty() ? "default/web:80" : "default/web-canary:80";
        return new Series("default/web app/", side, "default", "web", "web", backend, "app", "/", canary);
    }

    private static Outcome outcome(int status, long millis) {
        long nanos = Duration.ofMillis(millis).toNanos();
        return new Outcome(Method.GET, status, Failure.NONE, nanos, 0, nanos / 2, nanos, 300, 1200);
    }

    private static Outcome failed(int status, Failure failure) {
        return Outcome.withoutEndpoint(Method.POST, status, failure, 1000, 300, 100);
    }

    private Snapshot snapshot(Recorder... loops) {
        return Snapshot.of(
                "gw", STARTED, STARTED.plusSeconds(9), Map.of("Ingress/default/web", "7"), Reading.of(List.of(loops)));
    }

    @Test
    void countsByStatusClassFailureAndLatency() {
        loop.of(WEB).record(outcome(200, 3));
        loop.of(WEB).record(outcome(204, 30));
        loop.of(WEB).record(outcome(404, 20_000));
        loop.of(WEB).record(failed(502, Failure.CONNECT));

        assertThat(snapshot(loop).series()).singleElement().satisfies(counts -> {
            assertThat(counts.status()).containsExactlyInAnyOrderEntriesOf(Map.of("2xx", 2L, "4xx", 1L, "5xx", 1L));
            assertThat(counts.failures()).containsExactly(Map.entry("connect", 1L));
            assertThat(counts.latency().count()).containsExactly(2L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L);
            assertThat(counts.latency().le().getFirst()).isEqualTo(0.005);
        });
    }

    @Test
    void addsUpLoopsAndGateways() {
        Recorder otherLoop = new Recorder(100);
        loop.of(WEB).record(outcome(200, 1));
        otherLoop.of(WEB).record(outcome(200, 1));
        otherLoop.of(CANARY).record(outcome(500, 1));

        Snapshot both = snapshot(loop, otherLoop);

        assertThat(both.series()).extracting(Snapshot.SeriesCounts::side).containsExactly("canary", "primary");
        assertThat(both.series().getLast().status()).containsExactly(Map.entry("2xx", 2L));
        assertThat(both.plus(both).series().getLast().status()).containsExactly(Map.entry("2xx", 4L));
        assertThat(snapshot(loop).plus(snapshot(otherLoop)).series()).isEqualTo(both.series());
    }

    @Test
    void namesOnlyVersionsThatAllGatewaysHaveApplied() {
        Snapshot one = new Snapshot("a", STARTED, STARTED, Map.of("x", "1", "y", "2"), List.of());
        Snapshot other = new Snapshot("b", STARTED, STARTED, Map.of("x", "1", "y", "3"), List.of());

        assertThat(one.plus(other).applied()).containsExactly(Map.entry("x", "1"));
    }

    @Test
    void tellsOnlyWhatChanged() {
        loop.of(WEB).record(outcome(200, 1));
        loop.of(CANARY).record(outcome(200, 1));
        Snapshot earlier = snapshot(loop);
        loop.of(CANARY).record(outcome(200, 1));

        Snapshot changed = snapshot(loop).changedSince(earlier);

        assertThat(changed.series()).extracting(Snapshot.SeriesCounts::side).containsExactly("canary");
    }

    @Test
    void survivesJson() {
        loop.of(WEB).record(outcome(200, 3));
        loop.of(CANARY).record(failed(504, Failure.READ_TIMEOUT));
        Snapshot snapshot = snapshot(loop);

        String json = SnapshotJson.write(snapshot);

        assertThat(SnapshotJson.read(json)).isEqualTo(snapshot);
        assertThat(json)
                .startsWith("{\"gateway\":\"gw\",\"started\":\"2026-01-01T00:00:00Z\",\"at\":\"2026-01-01T00:00:09Z\","
                        + "\"applied\":{\"Ingress/default/web\":\"7\"},\"series\":[{\"route\":\"default/web app/\","
                        + "\"side\":\"canary\",\"service\":\"default/web-canary:80\",\"status\":{\"5xx\":1},"
                        + "\"failures\":{\"read_timeout\":1},\"latency\":{\"le\":[0.005,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"sum\":null", ",\"sum\":\"long\""})
    void isNotReadFromJsonThatDoesNotSayHowLongRequestsTook(String sum) {
        loop.of(WEB).record(outcome(200, 3));
        String json = SnapshotJson.write(snapshot(loop)).replaceAll(",\"sum\":[0-9.E-]+", sum);

        assertThatThrownBy(() -> SnapshotJson.read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sum");
    }

    @Test
    void countsElsewhereOnceThereAreTooManySeries() {
        Recorder small = new Recorder(1);
        small.of(WEB).record(outcome(200, 1));
        small.of(CANARY).record(outcome(200, 1));
        small.of(WEB).record(outcome(200, 1));

        assertThat(snapshot(small).series())
                .extracting(Snapshot.SeriesCounts::route)
                .containsExactly("(more)", "default/web app/");
    }

    @Test
    void writesIngressNginxMetrics() {
        loop.of(WEB).record(outcome(200, 30));
        loop.of(CANARY).record(failed(502, Failure.CONNECT));
        loop.of(Series.UNROUTED).record(failed(404, Failure.NO_ROUTE));

        String text = text(RequestMetrics.Options.DEFAULT);

        String primary =
                "{canary=\"\",controller_class=\"linnet.dev/gateway\",host=\"app\",ingress=\"web\",method=\"GET\","
                        + "namespace=\"default\",path=\"/\",service=\"web\",status=\"200\"";
        assertThat(text)
                .contains("# TYPE nginx_ingress_controller_requests counter\n")
                .contains("nginx_ingress_controller_requests" + primary + "} 1\n")
                .contains("canary=\"default-web-canary-80\"")
                .contains("nginx_ingress_controller_response_duration_seconds_bucket" + primary + ",le=\"0.025\"} 0\n")
                .contains("nginx_ingress_controller_response_duration_seconds_bucket" + primary + ",le=\"0.05\"} 1\n")
                .contains("nginx_ingress_controller_response_duration_seconds_bucket" + primary + ",le=\"+Inf\"} 1\n")
                .contains("nginx_ingress_controller_response_duration_seconds_sum" + primary + "} 0.03\n")
                .contains("nginx_ingress_controller_response_duration_seconds_count" + primary + "} 1\n")
                .contains("nginx_ingress_controller_bytes_sent_bucket" + primary + ",le=\"1e+06\"} 1\n")
                .doesNotContain("status=\"404\"");
    }

    @Test
    void leavesUnobservedTimesOut() {
        loop.of(WEB).record(failed(502, Failure.CONNECT));

        assertThat(text(RequestMetrics.Options.DEFAULT))
                .containsPattern("request_duration_seconds_count\\{.*} 1\n")
                .doesNotContain("response_duration_seconds_count");
    }

    private String text(RequestMetrics.Options options) {
        PrometheusPage page = new PrometheusPage(Map.of("controller_class", "linnet.dev/gateway"));
        new RequestMetrics(Reading.of(List.of(loop)), options).writeTo(page);
        return page.text();
    }

    @Test
    void met1LeavesOutExcludedMetrics() {
        loop.of(WEB).record(outcome(200, 30));

        String text = text(new RequestMetrics.Options(
                true,
                false,
                false,
                Set.of("nginx_ingress_controller_request_size", "nginx_ingress_controller_unknown")));

        assertThat(text).doesNotContain("request_size").contains("response_size_count");
    }

    @Test
    void met2ShowsHostsThatNobodyDefinedOnlyOnRequest() {
        loop.of(Series.unroutedOn("wildcard.foo.com")).record(failed(404, Failure.NO_ROUTE));

        assertThat(text(RequestMetrics.Options.DEFAULT)).doesNotContain("wildcard.foo.com");
        assertThat(text(new RequestMetrics.Options(true, true, false, Set.of())))
                .containsOnlyOnce(
                        "nginx_ingress_controller_requests{canary=\"\",controller_class=\"linnet.dev/gateway\","
                                + "host=\"wildcard.foo.com\",ingress=\"\",method=\"POST\",namespace=\"\",path=\"\",service=\"\","
                                + "status=\"404\"} 1\n");
    }

    @Test
    void addsUpWhatDiffersOnlyInLabelsThatAreNotShown() {
        loop.of(WEB).record(outcome(200, 30));
        loop.of(WEB.on("other")).record(outcome(204, 30));

        String text = text(new RequestMetrics.Options(false, false, true, Set.of()));

        assertThat(text)
                .containsPattern("requests\\{.*ingress=\"web\",.*status=\"2xx\"} 2\n")
                .doesNotContain("host=");
    }

    @Test
    void hasTheBucketsThatSomebodyWants() {
        Recorder own =
                new Recorder(100, new BucketLimits(List.of(0.02, 2.0), BucketLimits.DEFAULT.length(), List.of(2000.0)));
        own.of(WEB).record(outcome(200, 30));
        PrometheusPage page = new PrometheusPage(Map.of());

        new RequestMetrics(Reading.of(List.of(own)), RequestMetrics.Options.DEFAULT).writeTo(page);

        assertThat(page.text().lines().filter(line -> line.contains("request_duration_seconds_bucket")))
                .extracting(line -> line.replaceFirst(".*,le=", ""))
                .containsExactly("\"0.02\"} 0", "\"2\"} 1", "\"+Inf\"} 1");
        assertThat(page.text()).containsPattern("bytes_sent_bucket\\{.*,le=\"2000\"} 1\n");
    }
}
