package dev.linnet.controller.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.plan.Release;
import dev.linnet.rollout.run.Counters;
import dev.linnet.rollout.run.Ending;
import dev.linnet.rollout.run.Phase;
import dev.linnet.rollout.run.Progress;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What Prometheus reads of a release, line by line. */
final class ReleaseMetricsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ReleaseMetrics metrics = new ReleaseMetrics("1.2.3", "nginx", nanos::get);

    private static Release release(String more) throws Exception {
        String spec = """
                provider: nginx
                targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}
                service: {port: 80}
                analysis:
                  interval: 1m
                  threshold: 1
                  stepWeight: 10
                  metrics:
                    - {name: request-success-rate, thresholdRange: {min: 99}}
                    - {name: request-duration, thresholdRange: {max: 500}}
                """ + more;
        return CanaryReader.read(
                        new ObjectMetaBuilder()
                                .withName("sunday")
                                .withNamespace("test")
                                .build(),
                        new YAMLMapper().readTree(spec),
                        "nginx")
                .release();
    }

    private static Progress progress(Phase phase, int weight) {
        return Progress.NEW.withPhase(phase).withCounters(new Counters(weight, 0, 0));
    }

    private static Progress checked(Progress progress) {
        return progress.withRun(
                progress.run().withClock(progress.run().clock().checked(Instant.ofEpochSecond(100), true)));
    }

    /** As Prometheus would read it. */
    private List<String> page() throws Exception {
        try (OpsServer server = OpsServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics);
                HttpClient http = HttpClient.newHttpClient()) {
            URI base = URI.create("http://127.0.0.1:" + server.address().getPort());
            assertThat(get(http, base.resolve("/healthz")).body()).isEqualTo("OK");
            assertThat(get(http, base.resolve("/secrets")).statusCode()).isEqualTo(404);
            HttpResponse<String> page = get(http, base.resolve("/metrics"));
            assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
            return page.body().lines().toList();
        }
    }

    private static HttpResponse<String> get(HttpClient http, URI url) throws Exception {
        return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    }

    @Test
    void showsAReleaseOnItsWay() throws Exception {
        Release release = release("");
        metrics.acted(release, progress(Phase.PROGRESSING, 0));
        metrics.looks(release.names());
        metrics.measured(
                release.names(),
                release.analysis().checks().metrics(),
                List.of(new MetricValue.Value(99.5), new MetricValue.Value(250)));
        nanos.addAndGet(30_000_000);
        metrics.acted(release, checked(progress(Phase.PROGRESSING, 10)));

        String of = "{name=\"podinfo\",namespace=\"test\"}";
        assertThat(page())
                .contains(
                        "flagger_info{mesh_provider=\"nginx\",version=\"1.2.3\"} 1",
                        "flagger_canary_total{namespace=\"test\"} 1",
                        "# TYPE flagger_canary_status gauge",
                        "flagger_canary_status" + of + " 0",
                        "flagger_canary_weight{namespace=\"test\",workload=\"podinfo-primary\"} 90",
                        "flagger_canary_weight{namespace=\"test\",workload=\"podinfo\"} 10",
                        "# TYPE flagger_canary_duration_seconds histogram",
                        "flagger_canary_duration_seconds_bucket{le=\"0.025\",name=\"podinfo\",namespace=\"test\"} 0",
                        "flagger_canary_duration_seconds_bucket{le=\"0.05\",name=\"podinfo\",namespace=\"test\"} 1",
                        "flagger_canary_duration_seconds_bucket{le=\"+Inf\",name=\"podinfo\",namespace=\"test\"} 1",
                        "flagger_canary_duration_seconds_sum" + of + " 0.03",
                        "flagger_canary_duration_seconds_count" + of + " 1",
                        "flagger_canary_metric_analysis{metric=\"request-success-rate\",name=\"podinfo\","
                                + "namespace=\"test\"} 99.5",
                        "flagger_canary_metric_analysis{metric=\"request-duration\",name=\"podinfo\","
                                + "namespace=\"test\"} 0.25")
                .noneMatch(line -> line.startsWith("flagger_canary_successes_total"))
                .anyMatch(line -> line.startsWith("process_cpu_seconds_total "));
    }

    @Test
    void countsHowRunsEnd() throws Exception {
        Release release = release("");
        metrics.acted(release, progress(Phase.FINALISING, 0));
        metrics.acted(release, progress(Phase.SUCCEEDED, 0));
        metrics.acted(release, progress(Phase.SUCCEEDED, 0));
        metrics.acted(release, progress(Phase.PROGRESSING, 0));
        metrics.acted(release, progress(Phase.FAILED, 0));
        Release skipped = release("skipAnalysis: true\n");
        metrics.acted(skipped, progress(Phase.PROMOTING, 0));
        metrics.acted(skipped, progress(Phase.SUCCEEDED, 0));

        String how = "\",deployment_strategy=\"canary\",name=\"podinfo\",namespace=\"test\"} 1";
        assertThat(page())
                .contains(
                        "flagger_canary_successes_total{analysis_status=\"completed" + how,
                        "flagger_canary_successes_total{analysis_status=\"skipped" + how,
                        "flagger_canary_failures_total{analysis_status=\"completed" + how,
                        "flagger_canary_status{name=\"podinfo\",namespace=\"test\"} 1");
    }

    @Test
    void aTargetThatWasSetBackIsNoSuccess() throws Exception {
        metrics.acted(release(""), progress(Phase.PROGRESSING, 10));
        Progress reverted = progress(Phase.SUCCEEDED, 0);
        metrics.acted(
                release(""),
                reverted.withRun(
                        reverted.run().withEnding(new Ending(Ending.Cause.REVERTED, "the target was set back"))));
        assertThat(page()).noneMatch(line -> line.startsWith("flagger_canary_successes_total"));
    }

    /** What another process has ended is not counted again when this one begins to look. */
    @Test
    void aRestartCountsNothing() throws Exception {
        metrics.acted(release(""), progress(Phase.FAILED, 0));
        assertThat(page())
                .contains("flagger_canary_status{name=\"podinfo\",namespace=\"test\"} 2")
                .noneMatch(line -> line.startsWith("flagger_canary_failures_total"));
    }

    @Test
    void forgetsACanaryThatIsGone() throws Exception {
        metrics.acted(release(""), progress(Phase.PROGRESSING, 10));
        metrics.forget("test", "sunday");
        assertThat(page())
                .contains("flagger_canary_total{namespace=\"test\"} 0")
                .noneMatch(line -> line.contains("podinfo"));
    }
}
