package dev.linnet.manifests.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.manifests.ingress.GlobalOptionsReader.Reading;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.policy.Access;
import dev.linnet.routing.policy.AddressRanges;
import dev.linnet.routing.policy.HeaderLine;
import dev.linnet.routing.policy.Pace;
import dev.linnet.routing.policy.Retries.On;
import dev.linnet.routing.policy.TracingOptions;
import dev.linnet.routing.policy.TracingOptions.Batches;
import dev.linnet.routing.policy.TracingOptions.Collector;
import dev.linnet.routing.policy.TracingOptions.Sampling;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobalOptionsReaderTest {
    private static final ObjectRef OBJECT = ConfigMaps.ref("ingress-nginx", "controller");

    private static Reading read(Map<String, String> data) {
        return GlobalOptionsReader.read(
                OBJECT,
                data,
                ref -> ref.equals(ConfigMaps.ref("ops", "headers"))
                        ? Optional.of(Map.of("X-One", "1", "bad name", "x"))
                        : Optional.empty());
    }

    @Test
    void keepsTheDefaultsOfIngressNginxWhereNothingIsSaid() {
        assertThat(read(Map.of())).isEqualTo(Reading.NOTHING);
    }

    @Test
    void readsWhatIngressesGetThatSayNothingElse() {
        GlobalOptions options = read(Map.of(
                        "proxy-read-timeout", "120",
                        "proxy-next-upstream", "error http_503 non_idempotent",
                        "proxy-next-upstream-tries", "0",
                        "proxy-body-size", "8m",
                        "custom-http-errors", "404, 503",
                        "ssl-redirect", "false",
                        "load-balance", "ewma"))
                .options();

        assertThat(options.limits().read()).isEqualTo(Duration.ofMinutes(2));
        assertThat(options.limits().tries()).isEqualTo(Integer.MAX_VALUE);
        assertThat(options.retries().on()).containsExactly(On.ERROR);
        assertThat(options.retries().statuses()).containsExactly(503);
        assertThat(options.retries().nonIdempotent()).isTrue();
        assertThat(options.bodies().most()).isEqualTo(8 << 20);
        assertThat(options.errors().codes()).containsExactlyInAnyOrder(404, 503);
        assertThat(options.redirects().ssl()).isFalse();
        assertThat(options.balancing().algorithm()).isEqualTo("ewma");
    }

    @Test
    void readsWhatHoldsForTheWholeGateway() {
        var gateway = read(Map.of(
                        "keep-alive", "10",
                        "hide-headers", "X-Powered-By,X-Runtime",
                        "use-forwarded-headers", "true",
                        "proxy-real-ip-cidr", "10.0.0.0/8,192.168.0.1",
                        "add-headers", "ops/headers"))
                .options()
                .gateway();

        assertThat(gateway.clients().idle()).contains(Duration.ofSeconds(10));
        assertThat(gateway.headers().hidden()).containsExactlyInAnyOrder("x-powered-by", "x-runtime");
        assertThat(gateway.headers().added()).containsExactly(new HeaderLine("X-One", "1"));
        assertThat(gateway.callers().forwardedHeaders()).isTrue();
        assertThat(gateway.callers().trusted())
                .isEqualTo(AddressRanges.parse("10.0.0.0/8,192.168.0.1").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true|true|false|max-age=86400; includeSubDomains",
                "true|false|false|max-age=86400",
                "true|false|true|max-age=86400; preload"
            })
    void hsts1WritesTheHeaderAsIngressNginxDoes(String hsts, String subdomains, String preload, String header) {
        var value = read(Map.of(
                        "hsts", hsts,
                        "hsts-max-age", "86400",
                        "hsts-include-subdomains", subdomains,
                        "hsts-preload", preload))
                .options()
                .gateway()
                .hsts();

        assertThat(value.value()).isEqualTo(header);
        assertThat(GlobalOptions.DEFAULT.gateway().hsts().value()).isEqualTo("max-age=31536000; includeSubDomains");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy-body-size|8b|is \"8b\" (expected: digits, and perhaps k, m or g)",
                "proxy-read-timeout|60s|is \"60s\" (expected: a whole number from 1 on)",
                "disable-proxy-intercept-errors|yes|is \"yes\" (expected: true or false)",
                "custom-http-errors|404,200|is \"404,200\" (expected: numbers from 400 to 599, separated by commas)",
                "add-headers|headers|is \"headers\" (expected: namespace/name of a ConfigMap)",
                "block-cidrs|office|is \"office\" (expected: addresses or networks like 10.0.0.0/8 or 2001:db8::/32, separated by commas)",
                "block-user-agents|~(?=x)|is \"~(?=x)\" (expected: an RE2 expression behind ~ or ~*, without look-around: invalid or unsupported Perl syntax)",
                "http2-max-concurrent-streams|5000|is \"5000\" (expected: a whole number from 1 to 1000)",
                "ssl-protocols|SSLv3|is \"SSLv3\" (expected: TLSv1.2 and TLSv1.3: no others are spoken)",
                "ssl-session-timeout|0|is \"0\" (expected: at least one second)",
                "upstream-keepalive-requests|0|is \"0\" (expected: a whole number from 1 on)",
                "keep-alive|soon|is \"soon\" (expected: seconds, or a number with ms, s, m, h or d)",
            })
    void tellsOfAWrongValueAndKeepsTheDefault(String key, String value, String message) {
        Reading reading = read(Map.of(key, value));

        assertThat(reading.options()).isEqualTo(GlobalOptions.DEFAULT);
        assertThat(reading.problems())
                .filteredOn(problem -> problem.reason() == Reason.BAD_OPTION)
                .singleElement()
                .hasToString("ConfigMap ingress-nginx/controller: data[" + key + "] " + message);
    }

    @Test
    void obeysWhatOfAListCanBeUnderstood() {
        Reading reading = read(Map.of(
                "block-cidrs", "10.0.0.0/8,office",
                "ssl-protocols", "TLSv1.1 TLSv1.3",
                "ssl-ciphers", "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256:AES256-SHA"));

        var gateway = reading.options().gateway();
        assertThat(gateway.blocked().addresses())
                .isEqualTo(AddressRanges.parse("10.0.0.0/8").orElseThrow());
        assertThat(gateway.tls().protocols()).containsExactly("TLSv1.3");
        assertThat(gateway.tls().ciphers())
                .containsExactly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA");
        assertThat(reading.problems())
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("data[block-cidrs]", "data[ssl-protocols]", "data[ssl-ciphers]");
        assertThat(reading.problems())
                .anyMatch(problem ->
                        problem.message().startsWith("is \"DHE-RSA-AES128-GCM-SHA256\" (expected: some of "));
    }

    @ParameterizedTest
    @CsvSource({"use-gzip, true, not obeyed", "proxy-bdy-size, 1m, unknown"})
    void tellsOfAKeyThatNobodyActsUpon(String key, String value, String why) {
        assertThat(read(Map.of(key, value)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(why));
    }

    @Test
    void readsWhoTakesSpansAndWhichRequestsHaveSome() {
        Reading reading = read(Map.of(
                "enable-opentelemetry", "true",
                "otlp-collector-host", "collector.ops",
                "opentelemetry-trust-incoming-span", "false",
                "opentelemetry-operation-name", "HTTP $request_method $service_name",
                "otel-sampler", "TraceIdRatioBased",
                "otel-sampler-ratio", "0.25",
                "otel-sampler-parent-based", "false",
                "otel-max-queuesize", "100",
                "otel-schedule-delay-millis", "50"));

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.options().gateway().tracing())
                .isEqualTo(new TracingOptions(
                        Optional.of(new Collector(
                                "collector.ops", 4317, "linnet-gateway", new Batches(100, Duration.ofMillis(50), 100))),
                        true,
                        false,
                        TracingOptionsReader.operation("HTTP $request_method $service_name"),
                        new Sampling(0.25, false)));
    }

    /** Kilobytes, whatever ingress-nginx's documentation says. */
    @Test
    void readsThePaceOfAnswers() {
        Reading reading = read(Map.of("limit-rate", "10", "limit-rate-after", "5"));

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.options().pace()).isEqualTo(new Pace(10_240, 5120));
        assertThat(reading.options().saysTheSameOfIngresses(GlobalOptions.DEFAULT))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "enable-opentelemetry, true, otlp-collector-host, is missing (expected: the collector",
        "otlp-collector-host, http://collector, otlp-collector-host, is \"http://collector\" (expected: a host name",
        "otel-sampler, remote, otel-sampler, is \"remote\" (expected: AlwaysOn",
        "otel-sampler-ratio, 2, otel-sampler-ratio, is \"2\" (expected: a number from 0 to 1",
        "opentelemetry-operation-name, $nonsense, opentelemetry-operation-name, is \"$nonsense\" (expected: a text"
    })
    void tellsOfWhatKeepsSpansAway(String key, String value, String about, String message) {
        assertThat(read(Map.of(key, value)).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("data[" + about + "]");
            assertThat(problem.message()).startsWith(message);
        });
    }

    @Test
    void tellsOfAConfigMapThatDoesNotExist() {
        Reading reading = read(Map.of("add-headers", "ops/nothing"));

        assertThat(reading.references()).containsExactly(ConfigMaps.ref("ops", "nothing"));
        assertThat(reading.problems())
                .filteredOn(problem -> problem.reason() == Reason.BAD_OPTION)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("does not exist"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use-forwarded-headers|true|proxy-real-ip-cidr|is missing (expected: the addresses of your load balancers)",
                "use-proxy-protocol|true|proxy-real-ip-cidr|is missing (expected: the addresses of your load balancers)",
                "whitelist-source-range|10.0.0.0/8,office|whitelist-source-range|is \"10.0.0.0/8,office\" (expected: addresses",
                "global-auth-signin|https://login/|global-auth-signin|has no effect without global-auth-url (expected: both)",
                "global-auth-url|auth.example.com|global-auth-url|is \"auth.example.com\" (expected: http:// or https://"
            })
    void tellsOfWhatCouldLetTheWrongOnesIn(String key, String value, String about, String message) {
        assertThat(read(Map.of(key, value)).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("data[" + about + "]");
            assertThat(problem.message()).startsWith(message);
        });
    }

    @Test
    void closesRoutesThatAGlobalMistakeWouldOpen() {
        assertThat(access(Map.of("whitelist-source-range", "office"), Map.of()).closed())
                .isPresent();
        assertThat(access(Map.of("denylist-source-range", "office"), Map.of()).closed())
                .isPresent();
        assertThat(access(Map.of("global-auth-url", "auth.example.com"), Map.of())
                        .closed())
                .isPresent();
        assertThat(access(
                                Map.of("whitelist-source-range", "office"),
                                Map.of(Annotations.PREFIX + "whitelist-source-range", "10.0.0.0/8"))
                        .closed())
                .isEmpty();
    }

    @Test
    void asksForLeaveEverywhereUnlessAnIngressOptsOut() {
        Map<String, String> global =
                Map.of("global-auth-url", "http://auth.example.com/check", "global-auth-response-headers", "X-User");

        Access access = access(global, Map.of());
        assertThat(access.demands()).containsExactly("asks http://auth.example.com/check for leave");
        assertThat(access.leave().orElseThrow().passedOn()).containsExactly("x-user");
        assertThat(access(global, Map.of(Annotations.PREFIX + "enable-global-auth", "false"))
                        .isOpen())
                .isTrue();
        assertThat(access(global, Map.of(Annotations.PREFIX + "auth-url", "http://own/"))
                        .demands())
                .containsExactly("asks http://own/ for leave");
        assertThat(access(global, Map.of()).at("/.well-known/acme-challenge/x").isOpen())
                .isTrue();
    }

    private static Access access(Map<String, String> global, Map<String, String> annotations) {
        Ingress ingress = new IngressBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("web")
                .withAnnotations(annotations)
                .endMetadata()
                .build();
        return AccessAnnotations.read(Annotations.of(
                new ObjectRef("Ingress", "shop", "web"),
                ingress,
                new ArrayList<>(),
                read(global).options(),
                _ -> Optional.empty()));
    }
}
