package dev.linnet.controller.metrics;

import static dev.linnet.controller.metrics.CanaryCounts.counted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.fetch.Recorder;
import dev.linnet.controller.metrics.aws.AwsIdentities;
import dev.linnet.controller.metrics.store.MetricStores;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.judge.MetricValue.NoData;
import dev.linnet.rollout.judge.MetricValue.NoTraffic;
import dev.linnet.rollout.judge.MetricValue.StoreDown;
import dev.linnet.rollout.judge.MetricValue.Unusable;
import dev.linnet.rollout.judge.MetricValue.Value;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check's metrics show, asked of a Kubernetes API and stores that are stood in for, and of the real Prometheus. */
final class MeasurementsTest {
    private static final String RATE = "- {name: request-success-rate, interval: 5s, thresholdRange: {min: 99}}";
    private static final String TEMPLATED = "- {name: errors, interval: 1m, templateRef: {name: errors}}";
    private static final String ONE = "{\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"1\"]}]}}";
    private static final String NONE = "{\"data\":{\"resultType\":\"vector\",\"result\":[]}}";

    private final Fetch fetch = new Fetch(Duration.ofSeconds(20), ProxySelector.of(null));

    @SuppressWarnings("NullAway.Init")
    private Recorder api;

    @SuppressWarnings("NullAway.Init")
    private Recorder store;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @BeforeEach
    void begin() throws IOException {
        api = Recorder.answering(404, "{\"kind\":\"Status\",\"code\":404}");
        store = Recorder.answering(200, ONE);
        client = api.client();
    }

    @AfterEach
    void end() {
        client.close();
        fetch.close();
        api.close();
        store.close();
    }

    private Measurements measurements(Optional<String> server, boolean keepsToNamespace) {
        InstantSource clock = InstantSource.system();
        return measurements(server, keepsToNamespace, clock, numbers(clock));
    }

    private GatewayNumbers numbers(InstantSource clock, URI... gateways) {
        return new GatewayNumbers(
                new Gateways(client, new Gateways.Where("linnet-system", List.of(gateways)), Optional::empty, clock),
                clock);
    }

    private Measurements measurements(
            Optional<String> server, boolean keepsToNamespace, InstantSource clock, GatewayNumbers numbers) {
        MetricStores stores = new MetricStores(client, fetch, new AwsIdentities(fetch, clock, Map.of()), clock);
        return new Measurements(client, fetch, numbers, stores, new Measurements.Settings(server, keepsToNamespace));
    }

    private List<MetricValue> values(Measurements measurements, String... metrics) throws Exception {
        CanaryPlan plan = plan(metrics);
        return measurements.values(plan, plan.release().analysis().checks().metrics(), Instant.EPOCH);
    }

    private static CanaryPlan plan(String... metrics) throws Exception {
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
                """ + String.join("\n", metrics).indent(4);
        return CanaryReader.read(
                new ObjectMetaBuilder()
                        .withName("podinfo")
                        .withNamespace("test")
                        .build(),
                new YAMLMapper().readTree(spec),
                "nginx");
    }

    /** An API server that has this template and a Secret. */
    private void hasTemplate(String provider, String query) {
        String template = "{\"apiVersion\":\"flagger.app/v1beta1\",\"kind\":\"MetricTemplate\","
                + "\"metadata\":{\"name\":\"errors\"},\"spec\":{\"provider\":" + provider + ",\"query\":\"" + query
                + "\"}}";
        String secret = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"keys\"},"
                + "\"data\":{\"token\":\"czNjcmV0\"}}";
        api.answer(exchange -> {
            String path = exchange.getRequestURI().getPath();
            boolean isTemplate = path.endsWith("/namespaces/test/metrictemplates/errors");
            boolean isSecret = path.endsWith("/namespaces/test/secrets/keys");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(isTemplate || isSecret ? 200 : 404, isTemplate ? template : isSecret ? secret : "{}")
                    .answer(exchange);
        });
    }

    private String prometheus(String more) {
        return "{\"type\":\"prometheus\",\"address\":\"" + store.address() + "\"" + more + "}";
    }

    @Test
    void readsGatewaysAgainWhereTheLastReadingIsOldForHowOftenItJudges() throws Exception {
        Instant begin = Instant.parse("2026-03-01T12:00:00Z");
        AtomicReference<Instant> now = new AtomicReference<>(begin);
        try (Recorder gateway = Recorder.answering(200, counted(Instant.EPOCH, 0, 0))) {
            hasNoOtherGateways();
            GatewayNumbers numbers = numbers(now::get, gateway.url("/"));
            Measurements measurements = measurements(Optional.empty(), false, now::get, numbers);
            numbers.read();
            gateway.answer(Recorder.fixed(200, counted(Instant.EPOCH, 3, 1)));

            now.set(begin.plusSeconds(20));

            assertThat(values(measurements, RATE)).containsExactly(new Value(75));
        }
    }

    @Test
    void takesAGatewayThatWasSilentForAMomentForNoNewOne() throws Exception {
        Instant begin = Instant.parse("2026-03-01T12:00:00Z");
        AtomicReference<Instant> now = new AtomicReference<>(begin);
        try (Recorder gateway = Recorder.answering(200, counted(Instant.EPOCH, 0, 1_000))) {
            hasNoOtherGateways();
            GatewayNumbers numbers = numbers(now::get, gateway.url("/"));
            numbers.read();
            gateway.answer(Recorder.fixed(503, ""));
            now.set(begin.plusSeconds(1));
            numbers.read();
            gateway.answer(Recorder.fixed(200, counted(Instant.EPOCH, 4, 1_000)));
            now.set(begin.plusSeconds(6));
            numbers.read();

            assertThat(values(measurements(Optional.empty(), false, now::get, numbers), RATE))
                    .containsExactly(new Value(100));
        }
    }

    private void hasNoOtherGateways() {
        api.answer(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(200, """
                            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSliceList","items":[]}""").answer(exchange);
        });
    }

    /** What a gateway says of the canary. */
    @Test
    void asksATemplatesStoreWithItsSecret() throws Exception {
        hasTemplate(prometheus(",\"secretRef\":{\"name\":\"keys\"}"), "sum({{ target }}[{{ interval }}])");

        assertThat(values(measurements(Optional.empty(), true), TEMPLATED)).containsExactly(new Value(1));
        assertThat(URLDecoder.decode(store.last().url().getRawQuery(), StandardCharsets.UTF_8))
                .isEqualTo("query=sum(podinfo[1m])");
        assertThat(store.last().header("Authorization")).isEqualTo("Bearer s3cret");
    }

    @Test
    void everyMistakeInATemplateIsNamed() throws Exception {
        Measurements measurements = measurements(Optional.empty(), true);

        assertThat(values(measurements, TEMPLATED))
                .containsExactly(new Unusable(
                        "Metric template errors.test error: metrictemplates.flagger.app \"errors\" not found"));
        assertThat(values(measurements, TEMPLATED.replace("name: errors}", "name: errors, namespace: prod}")))
                .containsExactly(new Unusable("Metric template errors.prod error: can't access metric template"
                        + " errors.prod, cross-namespace references are blocked"));
        hasTemplate(prometheus(",\"secretRef\":{\"name\":\"none\"}"), "x");
        assertThat(values(measurements, TEMPLATED))
                .containsExactly(
                        new Unusable("Metric template errors.test secret none error: secrets \"none\" not found"));
        hasTemplate("{\"type\":\"graphite\"}", "x");
        assertThat(values(measurements, TEMPLATED).getFirst())
                .isInstanceOfSatisfying(
                        Unusable.class,
                        mistake -> assertThat(mistake.text())
                                .startsWith("Metric template errors.test provider graphite error: "));
        hasTemplate(prometheus(""), "{{ nmae }}");
        assertThat(values(measurements, TEMPLATED).getFirst())
                .isInstanceOfSatisfying(
                        Unusable.class,
                        mistake -> assertThat(mistake.text())
                                .startsWith("Metric template errors.test query render error: line 1: function"
                                        + " \"nmae\" is not defined"));
        assertThat(store.asked()).isEmpty();
        hasTemplate(prometheus(""), "x");
        store.answer(Recorder.fixed(400, "parse error"));
        assertThat(values(measurements, TEMPLATED))
                .containsExactly(
                        new Unusable("Metric query failed for errors: error response: Status 400: parse error"));
    }

    @Test
    void metricsThatNobodyCanAnswerFail() throws Exception {
        assertThat(values(measurements(Optional.empty(), false), RATE, "- {name: q, query: x}", "- {name: nothing}"))
                .satisfiesExactly(
                        rate -> assertThat(rate).isInstanceOf(StoreDown.class),
                        query -> assertThat(query)
                                .isEqualTo(new Unusable("Prometheus query failed for q: no metrics server is configured"
                                        + " (expected: -metrics-server, or spec.metricsServer)")),
                        nothing -> assertThat(nothing).isInstanceOf(Unusable.class));
    }

    @Test
    void tellsNoTrafficFromNoData() throws Exception {
        Measurements measurements = measurements(Optional.of(store.address()), false);
        store.answer(Recorder.fixed(200, NONE));
        assertThat(values(measurements, RATE)).containsExactly(new NoData("no values found"));

        store.answer(exchange -> Recorder.fixed(
                        200, exchange.getRequestURI().getRawQuery().contains("count") ? ONE : NONE)
                .answer(exchange));
        assertThat(values(measurements, RATE)).containsExactly(new NoTraffic("no values found"));
    }

    /** Each waits for the other: were they asked one after another, none would be answered. */
    @Test
    void asksAllMetricsSideBySide() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        store.answer(exchange -> {
            both.countDown();
            try {
                Recorder.fixed(both.await(10, TimeUnit.SECONDS) ? 200 : 500, ONE)
                        .answer(exchange);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });

        assertThat(values(
                        measurements(Optional.of(store.address()), false), RATE, "- {name: q, query: '{{ target }}'}"))
                .containsExactly(new Value(1), new Value(1));
    }

    @Test
    void saysBeforehandWhichStoreIsNotThere() throws Exception {
        Measurements measurements = measurements(Optional.of(store.address()), false);
        hasTemplate(prometheus(""), "x");
        assertThat(measurements.trouble(plan(RATE, TEMPLATED))).isEmpty();

        store.answer(Recorder.fixed(503, "no"));
        assertThat(measurements.trouble(plan(RATE)))
                .contains("prometheus not avaiable: error response: Status 503: no");
        assertThat(measurements.trouble(plan(TEMPLATED)))
                .contains("prometheus in metric template errors.test not avaiable: error response: Status 503: no");
        assertThat(measurements(Optional.empty(), false).trouble(plan(RATE))).isEmpty();
    }

    @Test
    void theRealPrometheusAnswersTheBuiltInQueries(@TempDir Path folder) throws Exception {
        Optional<Path> program = Prometheus.program();
        assumeTrue(program.isPresent(), "prometheus is not installed (apt-get install prometheus)");
        AtomicLong reads = new AtomicLong();
        String labels = "{namespace=\"test\",ingress=\"web\",canary=\"test-podinfo-canary-80\",status=\"";
        store.answer(exchange -> {
            long n = reads.incrementAndGet();
            Recorder.fixed(
                            200,
                            "nginx_ingress_controller_requests" + labels + "200\"} " + 90 * n + "\n"
                                    + "nginx_ingress_controller_requests" + labels + "503\"} " + 10 * n + "\n"
                                    + "nginx_ingress_controller_response_duration_seconds_sum" + labels + "200\"} "
                                    + 25 * n
                                    + "\nnginx_ingress_controller_response_duration_seconds_count" + labels + "200\"} "
                                    + 100 * n + "\n")
                    .answer(exchange);
        });
        try (Prometheus prometheus = Prometheus.start(program.get(), folder, store.address())) {
            Measurements measurements = measurements(Optional.of(prometheus.address()), false);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(values(
                                    measurements,
                                    RATE,
                                    "- {name: request-duration, interval: 5s, thresholdRange: {max: 500}}"))
                            .satisfiesExactly(
                                    rate -> assertThat(rate)
                                            .isInstanceOfSatisfying(
                                                    Value.class,
                                                    it -> assertThat(it.value()).isBetween(89.9, 90.1)),
                                    duration -> assertThat(duration)
                                            .isInstanceOfSatisfying(
                                                    Value.class,
                                                    it -> assertThat(it.value()).isBetween(249.0, 251.0))));
            assertThat(measurements.trouble(plan(RATE))).isEmpty();
            assertThat(values(measurements, "- {name: q, query: 'sum(rate('}").getFirst())
                    .isInstanceOfSatisfying(
                            Unusable.class,
                            mistake -> assertThat(mistake.text())
                                    .contains("Status 400")
                                    .contains("parse error"));
            assertThat(values(measurements, "- {name: q, query: 'up[5m]'}").getFirst())
                    .isEqualTo(new Unusable("Prometheus query failed for q: query returned multiple values"));
            assertThat(values(measurements, "- {name: q, query: none_such}").getFirst())
                    .isInstanceOf(NoData.class);
        }
    }
}
