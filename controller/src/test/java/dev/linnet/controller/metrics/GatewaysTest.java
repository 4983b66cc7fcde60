package dev.linnet.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.controller.fetch.Recorder;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.Snapshot.Latency;
import dev.linnet.numbers.Snapshot.SeriesCounts;
import dev.linnet.numbers.SnapshotJson;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway at the edge and one inside namespace test, which anybody there could have put there. */
final class GatewaysTest {
    private static final Map<String, String> ROUTE = Map.of("VirtualService/test/podinfo", "5");

    @SuppressWarnings("NullAway.Init")
    private Recorder api;

    @SuppressWarnings("NullAway.Init")
    private Recorder edge;

    @SuppressWarnings("NullAway.Init")
    private Recorder inside;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private Gateways gateways;

    @BeforeEach
    void begin() throws IOException {
        edge = Recorder.answering(200, snapshot("edge", "5"));
        inside = Recorder.answering(200, snapshot("inside", "5"));
        api = Recorder.start(exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(
                            200,
                            slices(
                                    query.contains("linnet-mesh-metrics") ? inside : edge,
                                    query.contains("linnet-mesh-metrics") ? "test" : "linnet-system"))
                    .answer(exchange);
        });
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(api.address())
                        .withOauthToken("opens-the-api")
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        gateways = new Gateways(
                client, new Gateways.Where("linnet-system", List.of()), () -> Optional.of("opens-numbers-only"));
    }

    @AfterEach
    void end() {
        gateways.close();
        client.close();
        api.close();
        edge.close();
        inside.close();
    }

    private static String slices(Recorder gateway, String namespace) {
        return """
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSliceList","items":[{
                  "metadata":{"name":"one","namespace":"%s"},"addressType":"IPv4",
                  "ports":[{"name":"metrics","port":%d}],
                  "endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true}}]}]}
                """.formatted(namespace, gateway.url("/").getPort());
    }

    private static String snapshot(String name, String version) {
        Latency none = new Latency(List.of(1.0), List.of(0L, 0L), 0);
        return SnapshotJson.write(new Snapshot(
                name,
                Instant.EPOCH,
                Instant.EPOCH,
                Map.of("VirtualService/test/podinfo", version),
                List.of(
                        new SeriesCounts("r", "primary", "test/podinfo-canary:80", Map.of("2xx", 1L), Map.of(), none),
                        new SeriesCounts(
                                "r", "primary", "prod/podinfo-canary:80", Map.of("5xx", 9L), Map.of(), none))));
    }

    private boolean obey(Map<String, String> objects) throws InterruptedException {
        return new GatewayNumbers(gateways, InstantSource.system()).obey(objects);
    }

    @Test
    void areWaitedForWhereTheirRoutesChangeAlsoInside() throws Exception {
        assertThat(obey(ROUTE)).isTrue();

        inside.answer(Recorder.fixed(200, snapshot("inside", "4")));
        assertThat(obey(ROUTE)).isFalse();
        inside.answer(Recorder.fixed(503, ""));
        assertThat(obey(ROUTE)).isFalse();

        inside.answer(Recorder.fixed(200, snapshot("inside", "10")));
        edge.answer(Recorder.fixed(200, snapshot("edge", "4")));
        assertThat(obey(ROUTE)).isFalse();
    }

    @Test
    void areNotWaitedForInsideForWhatIsNoneOfTheirs() throws Exception {
        inside.answer(Recorder.fixed(503, ""));
        edge.answer(Recorder.fixed(
                200,
                SnapshotJson.write(new Snapshot(
                        "edge",
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Map.of("Ingress/test/podinfo-canary", "5", "VirtualService/prod/podinfo", "5"),
                        List.of()))));

        assertThat(obey(Map.of("Ingress/test/podinfo-canary", "5"))).isTrue();
        assertThat(obey(Map.of("VirtualService/prod/podinfo", "5"))).isTrue();
    }

    @Test
    void areNotWaitedForWhereTheyDoNotLetUsLook() throws Exception {
        inside.answer(Recorder.fixed(401, ""));

        assertThat(obey(ROUTE)).isTrue();
    }

    @Test
    void insideGetATokenThatOpensNumbersOnlyAndAreBelievedOfTheirOwnNamespaceOnly() throws Exception {
        List<Gateways.Answer> answers = gateways.count();

        assertThat(edge.last().header("Authorization")).isEqualTo("Bearer opens-the-api");
        assertThat(inside.last().header("Authorization")).isEqualTo("Bearer opens-numbers-only");
        assertThat(answers).extracting(Gateways.Answer::inside).containsExactly(Optional.empty(), Optional.of("test"));
        assertThat(answers.getLast().snapshot().orElseThrow().series())
                .extracting(SeriesCounts::service)
                .containsExactly("test/podinfo-canary:80");
    }
}
