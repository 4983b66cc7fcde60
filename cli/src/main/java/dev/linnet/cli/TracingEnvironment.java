package dev.linnet.cli;

import dev.linnet.routing.policy.TracingOptions;
import dev.linnet.routing.policy.TracingOptions.Batches;
import dev.linnet.routing.policy.TracingOptions.Collector;
import dev.linnet.routing.policy.TracingOptions.Sampling;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans as OpenTelemetry's usual variables want them, of which {@code OTEL_EXPORTER_OTLP_ENDPOINT} is the one that makes them. Whole clusters set
 * these for all programs alike: what a gateway cannot obey leaves it without spans, and does not keep it from serving.
 */
public final class TracingEnvironment {
    private static final Logger log = LoggerFactory.getLogger(TracingEnvironment.class);

    /** What everybody may see: headers for a collector may hold secrets. */
    private static final Set<String> SHARED = Set.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
            "OTEL_TRACES_SAMPLER",
            "OTEL_TRACES_SAMPLER_ARG");

    private final Map<String, String> env;

    private TracingEnvironment(Map<String, String> env) {
        this.env = env;
    }

    /** What gateways inside the cluster are told by a controller that is told this. */
    public static Map<String, String> insideToo(Map<String, String> env) {
        Map<String, String> shared = new HashMap<>(env);
        shared.keySet().retainAll(SHARED);
        if (!shared.isEmpty()) {
            shared.put("OTEL_SERVICE_NAME", "linnet-mesh");
        }
        return shared;
    }

    static TracingOptions options(Map<String, String> env) {
        return new TracingEnvironment(env).options();
    }

    private TracingOptions options() {
        TracingOptions off = TracingOptions.OFF;
        try {
            Optional<Collector> collector = ofTraces("ENDPOINT").map(this::collector);
            return collector.isEmpty()
                    ? off
                    : new TracingOptions(collector, true, off.trustsCallers(), off.operation(), sampling());
        } catch (IllegalArgumentException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("No spans are made: a variable cannot be obeyed");
            return off;
        }
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(env.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private Optional<String> ofTraces(String what) {
        return Stream.of("OTEL_EXPORTER_OTLP_TRACES_" + what, "OTEL_EXPORTER_OTLP_" + what)
                .flatMap(name -> text(name).stream())
                .findFirst();
    }

    private Collector collector(String endpoint) {
        String protocol = ofTraces("PROTOCOL").orElse("grpc");
        if (!protocol.equals("grpc")) {
            throw new IllegalArgumentException("OTEL_EXPORTER_OTLP_PROTOCOL is \"" + protocol + "\" (expected: grpc)");
        }
        URI uri = URI.create(endpoint);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("OTEL_EXPORTER_OTLP_ENDPOINT is \"" + endpoint
                    + "\" (expected: http://, a host and the port of OTLP over gRPC)");
        }
        String service = text("OTEL_SERVICE_NAME").orElse(Collector.SERVICE);
        return new Collector(
                uri.getHost(), uri.getPort() < 0 ? Collector.PORT : uri.getPort(), service, Batches.DEFAULT);
    }

    private Sampling sampling() {
        String sampler = text("OTEL_TRACES_SAMPLER").orElse("parentbased_always_on");
        boolean parentFirst = sampler.startsWith("parentbased_");
        double ratio = switch (parentFirst ? sampler.substring("parentbased_".length()) : sampler) {
            case "always_on" -> 1;
            case "always_off" -> 0;
            case "traceidratio" -> ratio();
            default ->
                throw new IllegalArgumentException("OTEL_TRACES_SAMPLER is \"" + sampler
                        + "\" (expected: always_on, always_off or traceidratio, with or without parentbased_)");
        };
        return new Sampling(ratio, parentFirst);
    }

    private double ratio() {
        String written = text("OTEL_TRACES_SAMPLER_ARG").orElse("1");
        return Sampling.ratio(written)
                .orElseThrow(() -> new IllegalArgumentException(
                        "OTEL_TRACES_SAMPLER_ARG is \"" + written + "\" (expected: a number from 0 to 1)"));
    }
}
