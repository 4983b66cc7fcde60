package dev.linnet.gateway.trace;

import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.extension.trace.propagation.B3Propagator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a trace travels in heads: as the W3C says, and in Zipkin's way (B3) where a request has come in it. */
final class TraceHeaders {
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final String B3 = "b3";
    private static final String B3_ID = "x-b3-traceid";

    /** None of them is passed on as it has come. */
    private static final List<String> NAMES = List.of(
            "traceparent", "tracestate", B3, B3_ID, "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags");

    private static final TextMapGetter<RequestHead> GETTER = TraceHeaders::value;

    private TraceHeaders() {}

    private static @Nullable String value(@Nullable RequestHead head, String name) {
        String value = head == null ? "" : joined(head, name.toLowerCase(Locale.ROOT));
        return value.isEmpty() ? null : value;
    }

    private static String joined(RequestHead head, String name) {
        return head.joined(name.getBytes(StandardCharsets.US_ASCII));
    }

    /** The span of the caller that a request belongs to, if its head tells of one. */
    static Context parent(RequestHead head) {
        Context parent = W3C.extract(Context.root(), head, GETTER);
        return Span.fromContext(parent).getSpanContext().isValid()
                ? parent
                : B3Propagator.injectingSingleHeader().extract(Context.root(), head, GETTER);
    }

    /** In which ways the request's own trace is to be told. */
    static List<TextMapPropagator> ways(RequestHead head) {
        List<TextMapPropagator> ways = new ArrayList<>(2);
        ways.add(W3C);
        if (!joined(head, B3).isEmpty()) {
            ways.add(B3Propagator.injectingSingleHeader());
        }
        if (!joined(head, B3_ID).isEmpty()) {
            ways.add(B3Propagator.injectingMultiHeaders());
        }
        return ways;
    }

    /** Lines that tell of a span, each with its end. */
    static byte[] lines(SpanContext span, List<TextMapPropagator> ways) {
        Context context = Context.root().with(Span.wrap(span));
        StringBuilder lines = new StringBuilder(128);
        for (TextMapPropagator way : ways) {
            way.inject(context, lines, TraceHeaders::add);
        }
        return lines.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void add(@Nullable StringBuilder lines, String name, String value) {
        if (lines != null) {
            lines.append(name).append(": ").append(value).append("\r\n");
        }
    }

    /** What has come is not passed on. */
    static void drop(RequestEdits edits) {
        NAMES.forEach(edits::drop);
    }
}
