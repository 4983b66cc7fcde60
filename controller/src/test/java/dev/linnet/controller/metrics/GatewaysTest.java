package dev.linnet.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.linnet.controller.fetch.Recorder;
import dev.linnet.numbers.Snapshot;
import dev.linnet.numbers.Snapshot.Latency;
import dev.linnet.numbers.Snapshot.SeriesCounts;
import dev.linnet.numbers.SnapshotJson;
import dev.linnet.numbers.Version;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A gateway at the edge and one inside namespace test, which anybody there could have put there. */
final class GatewaysTest {
    private static final Map<String, String> ROUTE = Map.of("VirtualService/test/podinfo", "5");

    /** How a snapshot begins. */
    private static final String NAMED = "{'gateway':'g','started':'1970-01-01T00:00:00Z','at':'1970-01-01T00:00:00Z',";

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

    private Instant now = Instant.EPOCH;

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
                client,
                new Gateways.Where("linnet-system", List.of()),
                () -> Optional.of("opens-numbers-only"),
                () -> now);
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
        return slices(namespace, """
                "ports":[{"name":"metrics","port":%d}],
                "endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true}}]
                """.formatted(gateway.url("/").getPort()));
    }

    private static String slices(String namespace, String fields) {
        return """
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSliceList","items":[{
                  "metadata":{"name":"one","namespace":"%s","labels":{"kubernetes.io/service-name":"gateway"}},"addressType":"IPv4",%s}]}
                """.formatted(namespace, fields);
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
    void areLookedForEveryFewSecondsOnlyWhileTheyAreCounted() throws Exception {
        gateways.count();
        now = now.plusSeconds(2);
        gateways.count();
        assertThat(api.asked()).hasSize(2);
        assertThat(inside.asked()).hasSize(2);

        now = now.plusSeconds(2);
        gateways.count();
        assertThat(api.asked()).hasSize(4);
    }

    @Test
    void areAllWaitedForAlsoThoseThatHaveJustCome() throws Exception {
        inside.answer(Recorder.fixed(401, ""));
        api.answer(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(200, slices("linnet-system", "'ports':[],'endpoints':[]".replace('\'', '"')))
                    .answer(exchange);
        });
        gateways.count();
        assertThat(obey(ROUTE)).isTrue();

        edge.answer(Recorder.fixed(200, snapshot("edge", "4")));
        api.answer(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(200, slices(edge, "linnet-system")).answer(exchange);
        });
        assertThat(obey(ROUTE)).isFalse();
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
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void areNotWaitedForAtTheEndThoughTheyStopHalfway() throws Exception {
        edge.answer(Recorder.halfway(200, snapshot("edge", "5")));
        inside.answer(Recorder.halfway(200, snapshot("inside", "5")));
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                gateways.count();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> edge.asked().size() + inside.asked().size() == 2);

        reader.interrupt();
        gateways.close();

        assertThat(reader.join(Duration.ofSeconds(9))).isTrue();
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

    @Test
    void insideSayNothingOfRoutesThatAnIngressOfOthersMakes() throws Exception {
        Latency none = new Latency(List.of(1.0), List.of(0L, 0L), 0);
        SeriesCounts claim = new SeriesCounts(
                "shop/podinfo 0", "canary", "test/podinfo-canary:80", Map.of("5xx", 9L), Map.of(), none);
        inside.answer(Recorder.fixed(
                200,
                SnapshotJson.write(new Snapshot("inside", Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(claim)))));

        List<SeriesCounts> believed =
                gateways.count().getLast().snapshot().orElseThrow().series();

        assertThat(believed).hasSize(1).noneMatch(Version.ofIngress("shop", "podinfo", true)::has);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "null",
                "{}",
                "{'gateway':'g','started':'yesterday','at':'now','applied':{},'series':[]}",
                NAMED + "'series':[]}",
                NAMED + "'applied':{}}",
                NAMED + "'applied':{},'series':[{}]}",
                NAMED + "'applied':{},'series':[null]}",
                NAMED + "'applied':{'a':null},'series':[]}"
            })
    void insideThatTellNonsenseKeepNobodyElseFromBeingCounted(String nonsense) throws Exception {
        inside.answer(Recorder.fixed(200, nonsense.replace('\'', '"')));

        assertThat(gateways.count())
                .extracting(answer -> answer.snapshot().isPresent())
                .containsExactly(true, false);
        assertThat(obey(ROUTE)).isFalse();
        assertThat(obey(Map.of())).isTrue();
    }

    @Test
    void areComplainedAboutOnceAsLongAsTheyTellTheSameNonsense() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Gateways.class);
        logger.setLevel(Level.WARN);
        logger.addAppender(log);
        log.start();
        try {
            for (String said : List.of("{}", "{}", "{\"gateway\":5}", snapshot("edge", "5"), "{\"gateway\":5}")) {
                edge.answer(Recorder.fixed(200, said));
                gateways.count();
            }
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }

        assertThat(log.list)
                .extracting(event -> String.valueOf(event.getKeyValuePairs().getLast().value))
                .satisfiesExactly(
                        cause -> assertThat(cause).contains("gateway is missing"),
                        cause -> assertThat(cause).contains("gateway is 5"),
                        cause -> assertThat(cause).contains("gateway is 5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'ports':null,'endpoints':null",
                "'ports':[{'name':'metrics'}],'endpoints':[{'addresses':['127.0.0.1']}]",
                "'ports':[{'port':0}],'endpoints':[{'addresses':['127.0.0.1']}]",
                "'ports':[{'port':70000}],'endpoints':[{'addresses':['127.0.0.1']}]",
                "'ports':[{'port':80}],'endpoints':[{'addresses':[]}]",
                "'ports':[{'port':80}],'endpoints':[{'addresses':null}]",
                "'ports':[{'port':80}],'endpoints':[{'addresses':['no host']}]",
                "'ports':[{'port':80}],'endpoints':[{'addresses':['no_host']}]"
            })
    void insideThatCannotBeReachedAsTheirSliceSaysKeepNobodyElseFromBeingCounted(String said) throws Exception {
        api.answer(exchange -> {
            boolean mesh = exchange.getRequestURI().getRawQuery().contains("linnet-mesh-metrics");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            Recorder.fixed(200, mesh ? slices("test", said.replace('\'', '"')) : slices(edge, "linnet-system"))
                    .answer(exchange);
        });

        assertThat(gateways.count()).extracting(Gateways.Answer::inside).containsExactly(Optional.empty());
    }
}
