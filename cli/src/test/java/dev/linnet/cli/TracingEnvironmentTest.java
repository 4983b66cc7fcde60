package dev.linnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.routing.policy.TracingOptions;
import dev.linnet.routing.policy.TracingOptions.Batches;
import dev.linnet.routing.policy.TracingOptions.Collector;
import dev.linnet.routing.policy.TracingOptions.Sampling;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TracingEnvironmentTest {
    private static TracingOptions options(String... variables) {
        Map<String, String> env = new HashMap<>(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.ops:4317"));
        for (int i = 0; i < variables.length; i += 2) {
            env.put(variables[i], variables[i + 1]);
        }
        return TracingEnvironment.options(env);
    }

    @Test
    void makesNoSpansUnlessItIsToldWhoTakesThem() {
        assertThat(TracingEnvironment.options(Map.of("OTEL_SERVICE_NAME", "shop")))
                .isEqualTo(TracingOptions.OFF);
    }

    @Test
    void sendsSpansToTheUsualCollector() {
        assertThat(options("OTEL_SERVICE_NAME", "shop"))
                .matches(TracingOptions::on)
                .extracting(found -> found.collector().orElseThrow())
                .isEqualTo(new Collector("collector.ops", 4317, "shop", Batches.DEFAULT));
    }

    @Test
    void prefersWhatIsSaidOfTracesAlone() {
        TracingOptions found = options("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://other");

        assertThat(found.collector().orElseThrow())
                .isEqualTo(new Collector("other", 4317, "linnet-gateway", Batches.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource({
        "always_on, 0.5, 1, false",
        "always_off, 0.5, 0, false",
        "traceidratio, 0.5, 0.5, false",
        "parentbased_always_on, 0.5, 1, true",
        "parentbased_traceidratio, 0.25, 0.25, true"
    })
    void samplesAsItIsTold(String sampler, String argument, double ratio, boolean parentFirst) {
        assertThat(options("OTEL_TRACES_SAMPLER", sampler, "OTEL_TRACES_SAMPLER_ARG", argument)
                        .sampling())
                .isEqualTo(new Sampling(ratio, parentFirst));
    }

    @Test
    void tellsGatewaysInsideTheClusterNoSecrets() {
        assertThat(TracingEnvironment.insideToo(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317",
                        "OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret",
                        "HOME", "/root")))
                .isEqualTo(Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317", "OTEL_SERVICE_NAME", "linnet-mesh"));
        assertThat(TracingEnvironment.insideToo(Map.of("OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "OTEL_EXPORTER_OTLP_PROTOCOL, http/protobuf",
        "OTEL_EXPORTER_OTLP_ENDPOINT, https://collector:4317",
        "OTEL_EXPORTER_OTLP_ENDPOINT, not a URL",
        "OTEL_TRACES_SAMPLER, jaeger_remote"
    })
    void servesWithoutSpansWhereItCannotObey(String variable, String value) {
        assertThat(options(variable, value)).isEqualTo(TracingOptions.OFF);
    }
}
