package dev.linnet.controller.metrics.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.controller.fetch.Fetch;
import dev.linnet.controller.fetch.Recorder;
import dev.linnet.controller.metrics.aws.AwsIdentities;
import dev.linnet.manifests.flagger.MetricTemplateSpec;
import dev.linnet.rollout.judge.MetricValue;
import dev.linnet.rollout.judge.MetricValue.NoData;
import dev.linnet.rollout.judge.MetricValue.NoTraffic;
import dev.linnet.rollout.judge.MetricValue.StoreDown;
import dev.linnet.rollout.judge.MetricValue.Unusable;
import dev.linnet.rollout.judge.MetricValue.Value;
import dev.linnet.routing.Secret;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each store against a server that speaks its protocol. */
final class MetricStoresTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Fetch fetch = new Fetch(Duration.ofSeconds(20), ProxySelector.of(null));

    @SuppressWarnings("NullAway.Init")
    private Recorder server;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @BeforeEach
    void begin() throws IOException {
        server = Recorder.answering(200, "{}");
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(server.address())
                        .withOauthToken("our-own-token")
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterEach
    void end() {
        client.close();
        fetch.close();
        server.close();
    }

    private MetricStore store(MetricTemplateSpec.Provider provider, Map<String, String> secret) throws StoreMistake {
        return store(provider, secret, Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "s3cret"));
    }

    private MetricStore store(MetricTemplateSpec.Provider provider, Map<String, String> secret, Map<String, String> env)
            throws StoreMistake {
        InstantSource clock = () -> NOW;
        Credentials credentials = secret.isEmpty() ? Credentials.NONE : new Credentials("keys", Secret.of(secret));
        return new MetricStores(client, fetch, new AwsIdentities(fetch, clock, env), clock).of(provider, credentials);
    }

    private MetricTemplateSpec.Provider provider(String type) {
        return new MetricTemplateSpec.Provider(
                type, Optional.of(server.address()), Map.of(), Optional.empty(), Optional.of("eu-west-1"), false);
    }

    private static String query(Recorder.Asked asked) {
        return URLDecoder.decode(asked.url().getRawQuery(), StandardCharsets.UTF_8);
    }

    private static String vector(String... values) {
        StringBuilder series = new StringBuilder();
        for (String value : values) {
            series.append(series.isEmpty() ? "" : ",").append("{\"metric\":{},\"value\":[1,\"" + value + "\"]}");
        }
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[" + series + "]}}";
    }

    private MetricValue asked(MetricStore store, int status, String body) throws InterruptedException {
        server.answer(Recorder.fixed(status, body));
        return store.ask("sum(\n  rate(x[1m]))\n", MINUTE);
    }

    @Test
    void prometheusAnswersWithTheLastSeries() throws Exception {
        MetricStore store = store(provider("prometheus"), Map.of());

        assertThat(asked(store, 200, vector("1", "99.5"))).isEqualTo(new Value(99.5));
        assertThat(server.last().url().getPath()).isEqualTo("/api/v1/query");
        assertThat(query(server.last())).isEqualTo("query=sum( rate(x[1m]))");
        assertThat(server.last().headers()).doesNotContainKey("Authorization");
        assertThat(asked(store, 200, "{\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"7\"]}}"))
                .isEqualTo(new Value(7));
        assertThat(asked(store, 200, vector("+Inf"))).isEqualTo(new Value(Double.POSITIVE_INFINITY));
    }

    @Test
    void noSeriesNoTrafficAndNoPrometheusAreThreeThings() throws Exception {
        MetricStore store = store(provider("prometheus"), Map.of());

        assertThat(asked(store, 200, vector())).isEqualTo(new NoData("no values found"));
        assertThat(asked(store, 200, vector("NaN"))).isEqualTo(new NoTraffic("no values found"));
        assertThat(asked(store, 503, "starting\nup"))
                .isEqualTo(new StoreDown("error response: Status 503: starting up"));
        assertThat(asked(store, 200, "<html>")).isInstanceOf(StoreDown.class);
        assertThat(store.trouble()).hasValueSatisfying(why -> assertThat(why).contains("no JSON"));
        server.answer(Recorder.fixed(200, vector("1")));
        assertThat(store.trouble()).isEmpty();
    }

    @Test
    void aQueryThatIsWrongIsItsAuthorsMistake() throws Exception {
        MetricStore store = store(provider("prometheus"), Map.of());

        assertThat(asked(store, 400, "{\"error\":\"parse error\"}"))
                .isEqualTo(new Unusable("error response: Status 400: {\"error\":\"parse error\"}"));
        assertThat(asked(store, 200, "{\"data\":{\"resultType\":\"matrix\",\"result\":[]}}"))
                .isEqualTo(new Unusable("query returned multiple values"));
    }

    @Test
    void prometheusIsToldWhoAsks() throws Exception {
        asked(store(provider("prometheus"), Map.of("token", "t0ken\n")), 200, vector("1"));
        assertThat(server.last().header("Authorization")).isEqualTo("Bearer t0ken");

        asked(store(provider("prometheus"), Map.of("username", "me", "password", "pass")), 200, vector("1"));
        assertThat(server.last().header("Authorization")).isEqualTo("Basic bWU6cGFzcw==");

        assertThatExceptionOfType(StoreMistake.class)
                .isThrownBy(() -> store(provider("prometheus"), Map.of("username", "me")))
                .withMessage("Secret keys has no password");
    }

    @Test
    void prometheusGetsItsHeadersAndNobodySeesThem() throws Exception {
        MetricTemplateSpec.Provider provider = new MetricTemplateSpec.Provider(
                "prometheus",
                Optional.of(server.address() + "/prom/"),
                Map.of("X-Scope-OrgID", List.of("tenant-7")),
                Optional.empty(),
                Optional.empty(),
                false);

        assertThat(asked(store(provider, Map.of()), 401, "tenant-7 unknown"))
                .isEqualTo(new Unusable("error response: Status 401: *** unknown"));
        assertThat(server.last().header("X-Scope-OrgID")).isEqualTo("tenant-7");
        assertThat(server.last().url().getPath()).isEqualTo("/prom/api/v1/query");
    }

    @Test
    void datadogAnswersWithItsNewestPoint() throws Exception {
        MetricStore store =
                store(provider("datadog"), Map.of("datadog_api_key", "k3y", "datadog_application_key", "app"));

        assertThat(asked(store, 200, "{\"series\":[{\"pointlist\":[[1,10.5],[2,20.5],[3,null]]}]}"))
                .isEqualTo(new Value(20.5));
        assertThat(server.last().url().getPath()).isEqualTo("/api/v1/query");
        assertThat(query(server.last()))
                .isEqualTo("query=sum(\n  rate(x[1m]))\n&from="
                        + NOW.minusSeconds(600).getEpochSecond() + "&to=" + NOW.getEpochSecond());
        assertThat(server.last().header("DD-API-KEY")).isEqualTo("k3y");
        assertThat(server.last().header("DD-APPLICATION-KEY")).isEqualTo("app");
        assertThat(asked(store, 200, "{\"series\":[]}")).isEqualTo(new NoData("no values found"));
        assertThat(asked(store, 403, "bad key k3y")).isEqualTo(new Unusable("error response: Status 403: bad key ***"));
        assertThat(asked(store, 429, "slow down")).isInstanceOf(StoreDown.class);
        assertThat(store.ask("q", Duration.ZERO))
                .isEqualTo(new Unusable("error parsing metric interval: interval is missing (expected: such as 1m)"));
        server.answer(Recorder.fixed(200, "{\"valid\":true}"));
        assertThat(store.trouble()).isEmpty();
        assertThat(server.last().url().getPath()).isEqualTo("/api/v1/validate");
    }

    @Test
    void datadogNeedsItsKeys() {
        assertThatExceptionOfType(StoreMistake.class)
                .isThrownBy(() -> store(provider("datadog"), Map.of()))
                .withMessage("secretRef is missing (expected: a Secret with datadog_api_key)");
    }

    @Test
    void cloudWatchGetsTheQueryAsItIs() throws Exception {
        MetricStore store = store(provider("cloudwatch"), Map.of());
        server.answer(Recorder.fixed(200, "{\"MetricDataResults\":[{\"Id\":\"e1\",\"Values\":[3.5,9]}]}"));

        assertThat(store.ask("[{\"Id\":\"e1\",\"Expression\":\"m1/m2\"}]", MINUTE))
                .isEqualTo(new Value(3.5));
        JsonNode body = new ObjectMapper().readTree(server.last().body());
        assertThat(body.at("/MetricDataQueries/0/Expression").asText()).isEqualTo("m1/m2");
        assertThat(body.path("EndTime").asLong() - body.path("StartTime").asLong())
                .isEqualTo(600);
        assertThat(server.last().header("X-Amz-Target")).isEqualTo("GraniteServiceVersion20100801.GetMetricData");
        assertThat(server.last().header("Authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/eu-west-1/monitoring/aws4_request,"
                        + " SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=");

        server.answer(Recorder.fixed(200, "{\"MetricDataResults\":[{\"Values\":[]}]}"));
        assertThat(store.ask("[{\"Id\":\"e1\"}]", MINUTE)).isEqualTo(new NoData("no values found"));
        assertThat(store.ask("not json", MINUTE))
                .isInstanceOfSatisfying(
                        Unusable.class, mistake -> assertThat(mistake.text()).startsWith("error unmarshaling query"));
        server.answer(Recorder.fixed(400, "{\"__type\":\"ValidationError\"}"));
        assertThat(store.trouble()).isEmpty();
        server.answer(Recorder.fixed(403, "{\"__type\":\"AccessDenied\"}"));
        assertThat(store.trouble()).isPresent();
    }

    @Test
    void cloudWatchIsAskedInTheNameOfTheServiceAccount(@TempDir Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "jwt-of-the-pod");
        Map<String, String> env = Map.of(
                "AWS_ROLE_ARN",
                "arn:aws:iam::1:role/linnet",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token.toString(),
                "AWS_ENDPOINT_URL_STS",
                server.address() + "/sts");
        server.answer(exchange -> Recorder.fixed(
                        200,
                        exchange.getRequestURI().getPath().equals("/sts")
                                ? "<Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>k</SecretAccessKey>"
                                        + "<SessionToken>session</SessionToken>"
                                        + "<Expiration>2026-03-01T13:00:00Z</Expiration></Credentials>"
                                : "{\"MetricDataResults\":[{\"Values\":[1]}]}")
                .answer(exchange));
        MetricStore store = store(provider("cloudwatch"), Map.of(), env);

        assertThat(store.ask("[{\"Id\":\"a\"}]", MINUTE)).isEqualTo(new Value(1));
        assertThat(store.ask("[{\"Id\":\"a\"}]", MINUTE)).isEqualTo(new Value(1));
        assertThat(server.asked()).extracting(asked -> asked.url().getPath()).containsExactly("/sts", "/", "/");
        assertThat(server.asked().getFirst().body())
                .contains("Action=AssumeRoleWithWebIdentity", "WebIdentityToken=jwt-of-the-pod");
        assertThat(server.last().header("X-Amz-Security-Token")).isEqualTo("session");
        assertThat(server.last().header("Authorization")).contains("Credential=ASIA1/");
    }

    @Test
    void cloudWatchWithoutCredentialsSaysWhereTheyAreLookedFor() throws Exception {
        assertThat(store(provider("cloudwatch"), Map.of(), Map.of()).ask("[{\"Id\":\"a\"}]", MINUTE))
                .isInstanceOfSatisfying(
                        StoreDown.class, down -> assertThat(down.detail()).contains("AWS_ACCESS_KEY_ID", "EKS"));
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void externalMetricsAreAskedOfOurOwnApiServer() throws Exception {
        MetricTemplateSpec.Provider own = new MetricTemplateSpec.Provider(
                "externalmetrics", Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), false);
        MetricStore store = store(own, Map.of());
        server.answer(Recorder.fixed(200, "{\"items\":[{\"value\":\"1500m\"},{\"value\":\"9\"}]}"));

        assertThat(store.ask("test/queue-length?labelSelector=app%3Dpodinfo", MINUTE))
                .isEqualTo(new Value(1.5));
        assertThat(server.last().url().toString())
                .isEqualTo("/apis/external.metrics.k8s.io/v1beta1/namespaces/test/queue-length"
                        + "?labelSelector=app%3Dpodinfo");
        assertThat(server.last().header("Authorization")).isEqualTo("Bearer our-own-token");
        server.answer(Recorder.fixed(200, "{\"items\":[]}"));
        assertThat(store.ask("queue-length", MINUTE)).isEqualTo(new NoData("no values found"));
        assertThat(server.last().url().getPath()).contains("/namespaces/default/");
        assertThat(store.ask("a b", MINUTE)).isInstanceOf(Unusable.class);
        assertThat(store.ask("../../secrets", MINUTE)).isInstanceOf(Unusable.class);
    }

    /** Whoever may write a MetricTemplate must not be able to have our token sent to him. */
    @Test
    void anotherServerOfExternalMetricsGetsTheTokenOfTheSecretOnly() throws Exception {
        server.answer(Recorder.fixed(200, "{\"items\":[{\"value\":\"2\"}]}"));

        assertThat(store(provider("externalmetrics"), Map.of()).ask("m", MINUTE))
                .isEqualTo(new Value(2));
        assertThat(server.last().header("Authorization")).isEmpty();
        assertThat(store(provider("externalmetrics"), Map.of("token", "theirs")).ask("m", MINUTE))
                .isEqualTo(new Value(2));
        assertThat(server.last().header("Authorization")).isEqualTo("Bearer theirs");
    }

    @Test
    void saysWhichStoresAreHere() {
        assertThatExceptionOfType(StoreMistake.class)
                .isThrownBy(() -> store(provider("graphite"), Map.of()))
                .withMessage("provider type is graphite, which is not here yet"
                        + " (expected: prometheus, datadog, cloudwatch or externalmetrics)");
        assertThatExceptionOfType(StoreMistake.class)
                .isThrownBy(() -> store(
                        new MetricTemplateSpec.Provider(
                                "prometheus",
                                Optional.of("prometheus:9090"),
                                Map.of(),
                                Optional.empty(),
                                Optional.empty(),
                                false),
                        Map.of()))
                .withMessage("address is no URL (expected: such as http://prometheus:9090)");
    }
}
