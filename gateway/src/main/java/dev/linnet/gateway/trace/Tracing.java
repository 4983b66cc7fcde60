package dev.linnet.gateway.trace;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.numbers.MetricSource;
import dev.linnet.numbers.PrometheusPage;
import dev.linnet.routing.Rule;
import dev.linnet.routing.policy.GlobalPolicy;
import dev.linnet.routing.policy.Observed.Traced;
import dev.linnet.routing.policy.TracingOptions;
import dev.linnet.routing.policy.TracingOptions.Collector;
import dev.linnet.routing.policy.TracingOptions.Sampling;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The spans of a gateway: which requests have some, and who gets them. All event loops ask here, and nobody waits. */
public final class Tracing implements MetricSource, AutoCloseable {
    /** For one call to a collector. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int LONGEST_VALUE = 1024;

    /** What the library has to say of failures, it says again and again; {@link SpanQueue} says it once. */
    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

    private final String instance;
    private final TracingOptions usual;
    private final SpanCounts counts = new SpanCounts();
    private TracingOptions options = TracingOptions.OFF;
    private boolean closed;
    private volatile @Nullable InForce inForce;

    /** What makes spans at the moment. */
    private record InForce(TracingOptions options, Tracer tracer, SpanQueue queue) {
        @Nullable
        RequestTrace begin(Traced wishes, RequestHead head, Caller caller, boolean http2) {
            if (!wishes.on().orElse(options.on())) {
                return null;
            }
            return RequestTrace.begin(
                    tracer, wishes.trustsCallers().orElse(options.trustsCallers()), head, caller, http2);
        }
    }

    /**
     * Spans of one gateway.
     *
     * @param instance what the gateway is called among others of its kind
     * @param usual    what holds as long as no {@link GlobalPolicy} names a collector
     */
    public Tracing(String instance, TracingOptions usual) {
        this.instance = instance;
        this.usual = usual;
        use(usual);
    }

    /** From now on this holds. What is under way ends as it has begun. */
    public synchronized void obey(GlobalPolicy policy) {
        use(policy.tracing().collector().isPresent() ? policy.tracing() : usual);
    }

    private void use(TracingOptions other) {
        if (closed || other.equals(options)) {
            return;
        }
        options = other;
        InForce before = inForce;
        inForce = other.collector().map(collector -> start(other, collector)).orElse(null);
        if (before != null) {
            before.queue.end();
        }
    }

    private InForce start(TracingOptions wanted, Collector collector) {
        LIBRARY.setLevel(Level.OFF);
        SpanQueue queue = new SpanQueue(collector, exporter(collector), counts);
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addResource(Resource.create(Attributes.builder()
                        .put("service.name", collector.service())
                        .put("service.instance.id", instance)
                        .build()))
                .setSampler(sampler(wanted.sampling()))
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(LONGEST_VALUE)
                        .build())
                .addSpanProcessor(queue)
                .build();
        queue.start();
        return new InForce(wanted, provider.get("dev.linnet.gateway"), queue);
    }

    private static SpanExporter exporter(Collector collector) {
        GrpcSenderProvider sender = CollectorConnection::new;
        return OtlpGrpcSpanExporter.builder()
                .setEndpoint("http://" + collector.host() + ":" + collector.port())
                .setTimeout(DEADLINE)
                .setConnectTimeout(CONNECT)
                .setRetryPolicy(null)
                .setComponentLoader(new ComponentLoader() {
                    @Override
                    public <T> Iterable<T> load(Class<T> wanted) {
                        return wanted.isInstance(sender) ? List.of(wanted.cast(sender)) : List.of();
                    }
                })
                .build();
    }

    private static Sampler sampler(Sampling sampling) {
        Sampler sampler = Sampler.traceIdRatioBased(sampling.ratio());
        return sampling.parentFirst() ? Sampler.parentBased(new AsWished(sampler)) : sampler;
    }

    /** For traces that begin here: as the caller wants it, else as somebody decides. */
    private record AsWished(Sampler otherwise) implements Sampler {
        @Override
        public SamplingResult shouldSample(
                Context parent, String trace, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
            @Nullable Boolean wish = parent.get(TraceHeaders.WISH);
            Sampler sampler = wish == null ? otherwise : wish ? Sampler.alwaysOn() : Sampler.alwaysOff();
            return sampler.shouldSample(parent, trace, name, kind, attributes, links);
        }

        @Override
        public String getDescription() {
            return "AsWished{" + otherwise.getDescription() + "}";
        }
    }

    /** The spans of a request that no rule is for; null if it has none, which is the rule. */
    public @Nullable RequestTrace begin(RequestHead head, Caller caller, boolean http2) {
        InForce now = inForce;
        return now == null ? null : now.begin(Traced.USUALLY, head, caller, http2);
    }

    /** The spans of a request that a rule is for, likewise. */
    public @Nullable RequestTrace begin(RequestHead head, Caller caller, boolean http2, Rule rule) {
        InForce now = inForce;
        if (now == null) {
            return null;
        }
        Traced wishes = rule.policy().observed().traced();
        RequestTrace trace = now.begin(wishes, head, caller, http2);
        if (trace != null) {
            trace.matched(rule, wishes.operation().or(now.options::operation), head, caller);
        }
        return trace;
    }

    @Override
    public void writeTo(PrometheusPage page) {
        counts.writeTo(page);
    }

    /** Hands over what is finished, within a short time. Event loops must have ended before. */
    @Override
    public synchronized void close() {
        closed = true;
        InForce last = inForce;
        inForce = null;
        if (last != null) {
            last.queue.end();
            last.queue.await();
        }
    }
}
