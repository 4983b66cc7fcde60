package dev.linnet.routing.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Spans of requests (spec of ingress-nginx, Appendix C). What a route says of them goes before: {@link Observed.Traced}.
 *
 * @param collector     where spans go; without one there are none, whatever else is said
 * @param on            {@code enable-opentelemetry}
 * @param trustsCallers {@code opentelemetry-trust-incoming-span}: whether a request goes on with the trace that it has come with
 * @param operation     {@code opentelemetry-operation-name}; empty for the method and the path of the route
 * @param sampling      which requests have spans
 */
public record TracingOptions(
        Optional<Collector> collector,
        boolean on,
        boolean trustsCallers,
        Optional<Template> operation,
        Sampling sampling) {
    /** What an operation's name may say beside {@link Template#VARIABLES}: of the route. */
    public static final Set<String> OF_ROUTE =
            Set.of("namespace", "ingress_name", "service_name", "service_port", "location_path");

    public static final TracingOptions OFF =
            new TracingOptions(Optional.empty(), false, true, Optional.empty(), Sampling.ALL);

    /**
     * Who takes spans, by OTLP over gRPC.
     *
     * @param host    {@code otlp-collector-host}
     * @param port    {@code otlp-collector-port}
     * @param service {@code otel-service-name}: what the gateway is called there
     * @param batches how spans get there
     */
    public record Collector(String host, int port, String service, Batches batches) {
        /** Of OTLP over gRPC. */
        public static final int PORT = 4317;

        /** What a gateway is called unless somebody says otherwise. */
        public static final String SERVICE = "linnet-gateway";
    }

    /**
     * How finished spans are handed over.
     *
     * @param queue {@code otel-max-queuesize}: so many may wait, more are lost
     * @param delay {@code otel-schedule-delay-millis}: so long one waits for others at most
     * @param most  {@code otel-max-export-batch-size}
     */
    public record Batches(int queue, Duration delay, int most) {
        public static final Batches DEFAULT = new Batches(2048, Duration.ofSeconds(5), 512);
    }

    /**
     * Which requests have spans.
     *
     * @param ratio       {@code otel-sampler} and {@code otel-sampler-ratio}: the part of traces, 0 to 1
     * @param parentFirst {@code otel-sampler-parent-based}: whether that is decided already where a request comes with a trace
     */
    public record Sampling(double ratio, boolean parentFirst) {
        public static final Sampling ALL = new Sampling(1, true);

        /** A number from 0 to 1; empty if it is none. */
        public static Optional<Double> ratio(String written) {
            try {
                return Optional.of(Double.valueOf(written)).filter(ratio -> ratio >= 0 && ratio <= 1);
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }
    }
}
