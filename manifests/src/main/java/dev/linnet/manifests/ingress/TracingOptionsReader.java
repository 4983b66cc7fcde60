package dev.linnet.manifests.ingress;

import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.policy.Template;
import dev.linnet.routing.policy.TracingOptions;
import dev.linnet.routing.policy.TracingOptions.Batches;
import dev.linnet.routing.policy.TracingOptions.Collector;
import dev.linnet.routing.policy.TracingOptions.Sampling;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads which requests have spans, and where those go. */
final class TracingOptionsReader {
    /** The key, and the annotation of the same name. */
    static final String ON = "enable-opentelemetry";

    static final String TRUST = "opentelemetry-trust-incoming-span";
    static final String OPERATION = "opentelemetry-operation-name";
    static final String OPERATION_EXPECTED =
            "a text; of variables only those that say something of the request or its route";

    private static final String HOST = "otlp-collector-host";
    static final String NO_COLLECTOR = "the ConfigMap of global options names no collector (expected: its " + HOST
            + ", by OTLP over gRPC), and no span is made, unless a variable of the gateway names one";

    private static final String SAMPLER = "otel-sampler";
    private static final String RATIO = "otel-sampler-ratio";
    private static final Pattern HOST_OR_ADDRESS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:.]+]");

    /** So many spans may take some hundred megabytes. */
    private static final int MOST_WAITING = 100_000;

    /** As in ingress-nginx. */
    private static final double USUAL_RATIO = 0.01;

    private final OptionText text;

    TracingOptionsReader(OptionText text) {
        this.text = text;
    }

    TracingOptions read() {
        TracingOptions usual = TracingOptions.OFF;
        Optional<Collector> collector = collector();
        boolean on = text.flag(ON, usual.on());
        if (on && collector.isEmpty()) {
            text.problem(
                    HOST,
                    Reason.BAD_OPTION,
                    "is missing (expected: the collector that spans go to, by OTLP over gRPC): no span is made, unless a variable"
                            + " of the gateway names one");
        }
        return new TracingOptions(
                collector, on, text.flag(TRUST, usual.trustsCallers()), operation(), sampling(usual.sampling()));
    }

    private Optional<Collector> collector() {
        Optional<String> host = text.text(HOST);
        int port = text.number("otlp-collector-port", 1, 65_535, Collector.PORT);
        String service = text.text("otel-service-name", Collector.SERVICE);
        Batches batches = batches(Batches.DEFAULT);
        if (host.isPresent() && !HOST_OR_ADDRESS.matcher(host.get()).matches()) {
            text.bad(HOST, host.get(), "a host name or an address");
            return Optional.empty();
        }
        return host.map(name -> new Collector(name, port, service, batches));
    }

    private Batches batches(Batches usual) {
        int queue = text.number("otel-max-queuesize", 1, MOST_WAITING, usual.queue());
        int most = text.number("otel-max-export-batch-size", 1, MOST_WAITING, usual.most());
        int delay = text.number("otel-schedule-delay-millis", 1, Integer.MAX_VALUE, (int)
                usual.delay().toMillis());
        return new Batches(queue, Duration.ofMillis(delay), Math.min(queue, most));
    }

    private Optional<Template> operation() {
        Optional<String> written = text.text(OPERATION);
        Optional<Template> operation = written.flatMap(TracingOptionsReader::operation);
        if (written.isPresent() && operation.isEmpty()) {
            text.bad(OPERATION, written.get(), OPERATION_EXPECTED);
        }
        return operation;
    }

    static Optional<Template> operation(String written) {
        return Template.parseWords(written, TracingOptions.OF_ROUTE);
    }

    private Sampling sampling(Sampling usual) {
        String sampler = text.text(SAMPLER, "AlwaysOn");
        double part = ratio();
        double ratio = switch (sampler) {
            case "AlwaysOn" -> 1;
            case "AlwaysOff" -> 0;
            case "TraceIdRatioBased" -> part;
            default -> {
                text.bad(SAMPLER, sampler, "AlwaysOn, AlwaysOff or TraceIdRatioBased");
                yield usual.ratio();
            }
        };
        return new Sampling(ratio, text.flag("otel-sampler-parent-based", usual.parentFirst()));
    }

    private double ratio() {
        Optional<String> written = text.text(RATIO);
        Optional<Double> ratio = written.flatMap(Sampling::ratio);
        if (written.isPresent() && ratio.isEmpty()) {
            text.bad(RATIO, written.get(), "a number from 0 to 1");
        }
        return ratio.orElse(USUAL_RATIO);
    }
}
