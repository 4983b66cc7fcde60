package dev.linnet.gateway.trace;

import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.extension.trace.propagation.B3Propagator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a trace travels in heads: as the W3C says, and in Zipkin's way (B3) where a request has come in it. */
final class TraceHeaders {
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final String B3 = "b3";
    private static final String B3_ID = "x-b3-traceid";
    private static final String B3_SAMPLED = "x-b3-sampled";
    private static final String B3_FLAGS = "x-b3-flags";

    /** None of them is passed on as it has come. */
    private static final List<String> NAMES =
            List.of("traceparent", "tracestate", B3, B3_ID, "x-b3-spanid", "x-b3-parentspanid", B3_SAMPLED, B3_FLAGS);

    /** Whether the caller wants the trace sampled that begins here; absent if it does not say. */
    static final ContextKey<Boolean> WISH = ContextKey.named("sampled");

    private static final TextMapGetter<RequestHead> GETTER = TraceHeaders::value;

    private TraceHeaders() {}

    private static @Nullable String value(@Nullable RequestHead head, String name) {
        String value = head == null ? "" : joined(head, name.toLowerCase(Locale.ROOT));
        return value.isEmpty() ? null : value;
    }

    private static String joined(RequestHead head, String name) {
        return head.joined(name.getBytes(StandardCharsets.US_ASCII));
    }

    /** The span of the caller that a request belongs to, if its head tells of one; else what it wishes of one that begins here. */
    static Context parent(RequestHead head) {
        Context parent = W3C.extract(Context.root(), head, GETTER);
        if (isCaller(parent)) {
            return parent;
        }
        Context zipkin = B3Propagator.injectingSingleHeader().extract(Context.root(), head, GETTER);
        return isCaller(zipkin)
                ? zipkin
                : wish(head).map(sampled -> Context.root().with(WISH, sampled)).orElseGet(Context::root);
    }

    private static boolean isCaller(Context context) {
        return Span.fromContext(context).getSpanContext().isValid();
    }

    /** Zipkin's decision without a trace: {@code b3: 0}, {@code X-B3-Sampled: 0}. To debug is to sample. */
    private static Optional<Boolean> wish(RequestHead head) {
        if (joined(head, B3_FLAGS).equals("1")) {
            return Optional.of(true);
        }
        String said = joined(head, B3);
        return switch (said.isEmpty() ? joined(head, B3_SAMPLED) : said) {
            case "1", "d", "true" -> Optional.of(true);
            case "0", "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** In which ways the request's own trace is to be told. */
    static List<TextMapPropagator> ways(RequestHead head) {
        List<TextMapPropagator> ways = new ArrayList<>(2);
        ways.add(W3C);
        if (!joined(head, B3).isEmpty()) {
            ways.add(B3Propagator.injectingSingleHeader());
        }
        if (Stream.of(B3_ID, B3_SAMPLED, B3_FLAGS)
                .anyMatch(name -> !joined(head, name).isEmpty())) {
            ways.add(B3Propagator.injectingMultiHeaders());
        }
        return ways;
    }

    /**
     * Lines that tell of a span, each with its end.
     *
     * @param but in small letters: who they are for is told these already
     */
    static byte[] lines(SpanContext span, List<TextMapPropagator> ways, List<String> but) {
        Context context = Context.root().with(Span.wrap(span));
        StringBuilder lines = new StringBuilder(128);
        for (TextMapPropagator way : ways) {
            way.inject(context, lines, (_, name, value) -> {
                if (!but.contains(name.toLowerCase(Locale.ROOT))) {
                    lines.append(name).append(": ").append(value).append("\r\n");
                }
            });
        }
        return lines.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Names of the lines about traces that these changes add, in small letters. */
    static List<String> addedBy(RequestEdits edits) {
        return NAMES.stream().filter(edits::adds).toList();
    }

    /** What has come is not passed on. */
    static void drop(RequestEdits edits) {
        NAMES.forEach(edits::drop);
    }
}
