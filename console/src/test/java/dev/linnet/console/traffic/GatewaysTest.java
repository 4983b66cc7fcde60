package dev.linnet.console.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.numbers.Snapshot;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that is as it should be, beside one that is not. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GatewaysTest {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @SuppressWarnings("NullAway.Init")
    private Teller api;

    @SuppressWarnings("NullAway.Init")
    private Teller good;

    @SuppressWarnings("NullAway.Init")
    private Teller bad;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private Gateways gateways;

    @BeforeEach
    void opens() throws IOException {
        good = new Teller(path -> said(path, "good"));
        bad = new Teller(path -> said(path, "bad"));
        api = new Teller(
                _ -> "{\"apiVersion\": \"discovery.k8s.io/v1\", \"kind\": \"EndpointSliceList\", \"items\": []}");
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(api.url().toString())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        gateways = new Gateways(
                client,
                new Gateways.Where("linnet-system", List.of(bad.url(), good.url()), Optional.empty()),
                now::get);
    }

    @AfterEach
    void closes() {
        gateways.close();
        client.close();
        api.close();
        good.close();
        bad.close();
    }

    private static String slices(String items) {
        return "{\"apiVersion\": \"discovery.k8s.io/v1\", \"kind\": \"EndpointSliceList\", \"items\": [" + items + "]}";
    }

    private static String said(String path, String name) {
        String rest = path.startsWith("/linnet/v1/graph")
                ? "\"window\": 60, \"nodes\": [], \"edges\": []"
                : "\"started\": \"2026-01-01T00:00:00Z\", \"applied\": {}, \"series\": []";
        return "{\"gateway\": \"%s\", \"at\": \"2026-01-01T00:00:00Z\", %s}".formatted(name, rest);
    }

    @Test
    void areNotWaitedForThatStopHalfway() throws Exception {
        bad.stopsHalfway();

        assertThat(gateways.count(Set.of())).extracting(Snapshot::gateway).containsExactly("good");
        assertThat(gateways.graph(WINDOW).gateway()).isEqualTo("good");
        assertThat(gateways.askOne("/linnet/v1/snapshot").orElseThrow().body()).contains("good");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'ports': null, 'endpoints': [{'addresses': ['127.0.0.1']}]",
                "'ports': [{'name': 'metrics'}], 'endpoints': [{'addresses': ['127.0.0.1']}]",
                "'ports': [{'port': 70000}], 'endpoints': [{'addresses': ['127.0.0.1']}]",
                "'ports': [{'port': 80}], 'endpoints': null",
                "'ports': [{'port': 80}], 'endpoints': [{'addresses': null, 'conditions': {'ready': true}}]",
                "'ports': [{'port': 80}], 'endpoints': [{'addresses': ['no host']}]"
            })
    void areNotLookedForWhereASliceSaysTooLittle(String said) throws Exception {
        api.says(slices("""
                {"metadata": {"name": "one", "namespace": "test", "labels": {"kubernetes.io/service-name": "gateway"}},
                  "addressType": "IPv4", %s}
                """.formatted(said.replace('\'', '"'))));

        assertThat(gateways.graph(WINDOW).gateway()).isEqualTo("bad,good");
    }

    @Test
    void areReadyWhereASliceSaysNothingElse() throws Exception {
        try (Teller found = new Teller(path -> said(path, "found"))) {
            api.says(slices("""
                    {"metadata": {"name": "one", "namespace": "test", "labels": {"kubernetes.io/service-name": "gateway"}},
                      "addressType": "IPv4", "ports": [{"port": %d}],
                      "endpoints": [{"addresses": ["127.0.0.1"]}, {"addresses": ["127.0.0.2"], "conditions": {"ready": false}}]}
                    """.formatted(found.port())));

            assertThat(gateways.count(Set.of()))
                    .extracting(Snapshot::gateway)
                    .containsExactlyInAnyOrder("good", "bad", "found");
        }
    }

    @Test
    void areCountedInsideTheNamespacesThatAreOfInterest() throws Exception {
        try (Teller inside = new Teller(path -> said(path, "inside"))) {
            api.says(path -> path.contains("linnet-mesh-metrics") ? slices("""
                            {"metadata": {"name": "one", "namespace": "test", "labels": {"kubernetes.io/service-name": "linnet-mesh-metrics"}},
                              "addressType": "IPv4", "ports": [{"port": %d}], "endpoints": [{"addresses": ["127.0.0.1"]}]}
                            """.formatted(inside.port())) : slices(""));

            assertThat(gateways.count(Set.of("test", "other")))
                    .extracting(Snapshot::gateway)
                    .containsExactlyInAnyOrder("good", "bad", "test/inside");
            assertThat(gateways.count(Set.of("other")))
                    .extracting(Snapshot::gateway)
                    .containsExactlyInAnyOrder("good", "bad");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "null", "{}", "{\"gateway\": \"bad\", \"window\": 60, \"edges\": [null]}"})
    void countWithoutThoseThatTellNonsense(String nonsense) throws Exception {
        bad.says(nonsense);

        assertThat(gateways.count(Set.of())).extracting(Snapshot::gateway).containsExactly("good");
        assertThat(gateways.graph(WINDOW).gateway()).isEqualTo("good");
    }

    @Test
    void areAskedOnceASecondHoweverManyLook() throws Exception {
        Callable<String> look = () -> gateways.graph(WINDOW).gateway();
        try (ExecutorService lookers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> seen : lookers.invokeAll(Collections.nCopies(10, look))) {
                assertThat(seen.get()).isEqualTo("bad,good");
            }
        }
        assertThat(good.asked()).isEqualTo(1);

        now.updateAndGet(before -> before.plusSeconds(1));
        bad.stopsHalfway();
        assertThat(look.call()).isEqualTo("good");
    }

    @Test
    void areLookedForOnceASecondThoughTheApiFailsHoweverManyLook() throws Exception {
        Callable<String> look = () -> gateways.graph(WINDOW).gateway();
        api.answers(500);
        try (ExecutorService lookers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> seen : lookers.invokeAll(Collections.nCopies(10, look))) {
                assertThatThrownBy(seen::get).hasCauseInstanceOf(KubernetesClientException.class);
            }
        }
        assertThat(api.asked()).isEqualTo(1);

        now.updateAndGet(before -> before.plusSeconds(1));
        api.answers(200);
        assertThat(look.call()).isEqualTo("bad,good");
    }
}
