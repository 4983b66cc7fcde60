package dev.linnet.controller.metrics;

import static dev.linnet.controller.metrics.CanaryCounts.counted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.linnet.controller.fetch.Recorder;
import dev.linnet.manifests.flagger.CanaryPlan;
import dev.linnet.manifests.flagger.CanaryReader;
import dev.linnet.rollout.judge.Comparison.Requests;
import dev.linnet.rollout.judge.MetricValue;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose requests those are that gateways count, in a time that the test makes. */
final class GatewayNumbersTest {
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    private static final String SPEC = """
            provider: nginx
            targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
            ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}
            service: {port: 80}
            analysis:
              interval: 2s
              threshold: 1
              stepWeight: 10
              metrics: [{name: request-success-rate, interval: 1m, thresholdRange: {min: 99}}]
            """;

    private Instant now = BEGIN;

    @SuppressWarnings("NullAway.Init")
    private Recorder api;

    @SuppressWarnings("NullAway.Init")
    private Recorder gateway;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private Gateways gateways;

    @SuppressWarnings("NullAway.Init")
    private GatewayNumbers numbers;

    @SuppressWarnings("NullAway.Init")
    private CanaryPlan plan;

    @BeforeEach
    void begin() throws Exception {
        gateway = Recorder.answering(200, counted(BEGIN.minusSeconds(3600), 0, 0));
        api = Recorder.start(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(200, """
                            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSliceList","items":[]}""").answer(exchange);
        });
        client = api.client();
        gateways = new Gateways(
                client, new Gateways.Where("linnet-system", List.of(gateway.url("/"))), Optional::empty, () -> now);
        numbers = new GatewayNumbers(gateways, () -> now);
        plan = CanaryReader.read(
                new ObjectMetaBuilder()
                        .withName("podinfo")
                        .withNamespace("test")
                        .build(),
                new YAMLMapper().readTree(SPEC),
                "nginx");
    }

    @AfterEach
    void end() throws IOException {
        gateways.close();
        client.close();
        api.close();
        gateway.close();
    }

    /** What the gateway has counted when it is read so long after everything began. */
    private void reads(long millis, long good, long bad) throws InterruptedException {
        reads(millis, BEGIN.minusSeconds(3600), good, bad);
    }

    private void reads(long millis, Instant started, long good, long bad) throws InterruptedException {
        now = at(millis);
        gateway.answer(Recorder.fixed(200, counted(started, good, bad)));
        numbers.read();
    }

    private static Instant at(long millis) {
        return BEGIN.plusMillis(millis);
    }

    private MetricValue rate(Instant began) {
        return numbers.value(plan, plan.release().analysis().checks().metrics().getFirst(), began);
    }

    private Requests canary(Instant since, Instant began) {
        return numbers.requests(plan, since, began).canary();
    }

    @Test
    void whatTheVersionBeforeFailedAfterItsLastReadingCountsAgainstNobody() throws Exception {
        reads(0, 100, 100);
        reads(60_000, 100, 120);

        assertThat(canary(at(59_000), at(59_000))).isEqualTo(Requests.NONE);
        assertThat(rate(at(59_000))).isEqualTo(new MetricValue.NoTraffic("no values found"));

        reads(61_000, 100, 126);

        assertThat(canary(at(60_000), at(59_000))).isEqualTo(new Requests(6, 6));
        assertThat(canary(at(59_000), at(59_000))).isEqualTo(new Requests(6, 6));
        assertThat(rate(at(59_000))).isEqualTo(new MetricValue.Value(0));
    }

    @Test
    void norDoesWhatItFailedJustBeforeTheRunBeganWhereGatewaysAreReadAllTheTime() throws Exception {
        reads(0, 100, 100);
        reads(1_000, 100, 120);

        assertThat(canary(at(500), at(500))).isEqualTo(Requests.NONE);
        assertThat(rate(at(500))).isEqualTo(new MetricValue.NoTraffic("no values found"));
    }

    @Test
    void aReadingThatWasBegunBeforeTheRunMayNotKnowAllThatWasBefore() throws Exception {
        reads(0, 100, 100);
        gateway.answer(exchange -> {
            now = at(600);
            Recorder.fixed(200, counted(BEGIN.minusSeconds(3600), 100, 100)).answer(exchange);
        });
        now = at(400);
        numbers.read();
        reads(1_600, 100, 120);

        assertThat(canary(at(500), at(500))).isEqualTo(Requests.NONE);
        assertThat(canary(at(600), at(500))).isEqualTo(Requests.NONE);
    }

    @Test
    void aStepMissesNothingThoughItBeginsBetweenTwoReadings() throws Exception {
        reads(0, 100, 100);
        reads(60_000, 100, 100);
        reads(61_000, 100, 106);

        assertThat(canary(at(60_500), at(60_000))).isEqualTo(new Requests(6, 6));
    }

    @Test
    void nothingIsCountedTwice() throws Exception {
        reads(0, 0, 0);
        reads(1_000, 0, 3);
        GatewayNumbers.Counted first = numbers.requests(plan, at(0), at(0));
        GatewayNumbers.Counted none = numbers.requests(plan, first.until(), at(0));
        reads(1_700, 0, 4);

        assertThat(first.canary()).isEqualTo(new Requests(3, 3));
        assertThat(none.canary()).isEqualTo(Requests.NONE);
        assertThat(canary(none.until(), at(0))).isEqualTo(new Requests(1, 1));
    }

    @Test
    void aGatewayThatStartsInTheMiddleIsCountedFromItsStart() throws Exception {
        reads(0, 50, 50);
        reads(2_000, at(1_500), 1, 2);

        assertThat(canary(at(1_000), at(0))).isEqualTo(new Requests(3, 2));
        assertThat(canary(at(2_000), at(0))).isEqualTo(Requests.NONE);
    }

    @Test
    void aGatewayThatStartedUnderTheVersionBeforeBeginsWhereItWasFound() throws Exception {
        reads(30_000, at(0), 50, 50);
        reads(31_000, at(0), 51, 50);

        assertThat(rate(at(20_000))).isEqualTo(new MetricValue.Value(100));
    }

    @Test
    void aGatewayWhoseClockIsAheadIsNotNewAgainAndAgain() throws Exception {
        reads(1_000, at(9_000), 0, 2);
        reads(2_000, at(9_000), 0, 3);

        assertThat(canary(at(1_000), at(0))).isEqualTo(new Requests(1, 1));
        assertThat(canary(at(1_500), at(1_500))).isEqualTo(Requests.NONE);
    }

    @Test
    void aGatewayThatIsFoundInTheMiddleBeginsWhereItWasFound() throws Exception {
        gateway.answer(Recorder.fixed(503, ""));
        numbers.read();
        reads(2_000, 0, 1_000);
        reads(3_000, 4, 1_000);

        assertThat(canary(at(1_000), at(0))).isEqualTo(new Requests(4, 0));
    }

    @Test
    void readsOnceForAllRunsThatBeganBeforeIt() throws Exception {
        reads(0, 0, 0);
        now = at(1_000);
        numbers.readSince(at(500));
        numbers.readSince(at(1_000));

        assertThat(gateway.asked()).hasSize(2);
    }
}
