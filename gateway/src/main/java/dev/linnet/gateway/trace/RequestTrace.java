package dev.linnet.gateway.trace;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.http.Variables;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Side;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.Template;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.Optional;

/**
 * The spans of one exchange: one of the request, and one of each endpoint that was asked, in the words of OpenTelemetry's conventions for
 * HTTP. Of what a client sends they hold its method, path, host, address and {@code User-Agent}, and nothing else. One event loop uses it.
 */
public final class RequestTrace {
    private static final String STATUS = "http.response.status_code";
    private static final String METHOD = "http.request.method";
    private static final String OTHER_METHOD = "_OTHER";

    private final Tracer tracer;
    private final Span request;
    private final List<TextMapPropagator> ways;
    private final String method;
    private List<String> saidByRoute = List.of();
    private Span attempt = Span.getInvalid();
    private int attempts;

    private RequestTrace(Tracer tracer, Span request, List<TextMapPropagator> ways, String method) {
        this.tracer = tracer;
        this.request = request;
        this.ways = ways;
        this.method = method;
    }

    /** @param trustsCaller whether the request goes on with the trace that it has come with */
    static RequestTrace begin(Tracer tracer, boolean trustsCaller, RequestHead head, Caller caller, boolean http2) {
        String method =
                head.method() == Method.OTHER ? OTHER_METHOD : head.method().name();
        SpanBuilder span = tracer.spanBuilder(nameOf(method)).setSpanKind(SpanKind.SERVER);
        span = trustsCaller ? span.setParent(TraceHeaders.parent(head)) : span.setNoParent();
        RequestTrace trace = new RequestTrace(tracer, span.startSpan(), TraceHeaders.ways(head), method);
        if (trace.request.isRecording()) {
            trace.describe(head, caller, http2);
        }
        return trace;
    }

    /** What a span is called of which nothing else is known. */
    private static String nameOf(String method) {
        return method.equals(OTHER_METHOD) ? "HTTP" : method;
    }

    private void describe(RequestHead head, Caller caller, boolean http2) {
        String version = head.isHttp11() ? "1.1" : "1.0";
        request.setAttribute(METHOD, method)
                .setAttribute("url.path", head.rawPathText())
                .setAttribute("url.scheme", caller.scheme())
                .setAttribute("server.address", caller.host().isEmpty() ? head.hostNameText() : caller.host())
                .setAttribute("server.port", caller.port())
                .setAttribute("client.address", caller.text())
                .setAttribute("network.protocol.version", http2 ? "2" : version);
        String agent = head.headerText("user-agent");
        if (!agent.isEmpty()) {
            request.setAttribute("user_agent.original", agent);
        }
    }

    public String traceId() {
        return request.getSpanContext().getTraceId();
    }

    /** Of the request's own span. */
    public String spanId() {
        return request.getSpanContext().getSpanId();
    }

    /** This rule is for it. */
    void matched(Rule rule, Optional<Template> operation, RequestHead head, Caller caller) {
        if (!request.isRecording()) {
            return;
        }
        String path = rule.path().path();
        request.updateName(operation
                        .map(name -> fill(name, rule, new Variables(head, caller, rule.host())))
                        .orElseGet(() -> nameOf(method) + " " + path))
                .setAttribute("http.route", path)
                .setAttribute("linnet.route", rule.source().toString());
    }

    private static String fill(Template name, Rule rule, Variables variables) {
        return name.fill(variable -> value(variable, rule, variables));
    }

    private static String value(String variable, Rule rule, Variables variables) {
        return switch (variable) {
            case "namespace" -> rule.source().namespace();
            case "ingress_name" -> rule.source().name();
            case "service_name" -> rule.primary().name();
            case "service_port" -> rule.primary().port();
            case "location_path" -> rule.path().path();
            default -> variables.value(variable);
        };
    }

    /** This version serves it, or is to. */
    public void routed(Side side) {
        if (!request.isRecording()) {
            return;
        }
        request.setAttribute("linnet.service", side.backend().toString()).setAttribute("linnet.side", side.name());
        if (!side.rule().canaries().isEmpty()) {
            request.setAttribute("linnet.weight", side.percent());
        }
    }

    /** Whatever trace the request has come with, the endpoint is told of this one, but for what a route's author wants it to be told. */
    public void edit(RequestEdits edits) {
        TraceHeaders.drop(edits);
        saidByRoute = TraceHeaders.addedBy(edits);
    }

    /** An endpoint of a Service is asked, or the next one. */
    public void attempting(Endpoint endpoint, ServiceRef of) {
        attempt.end();
        attempts++;
        if (!request.isRecording()) {
            return;
        }
        attempt = tracer.spanBuilder(nameOf(method))
                .setSpanKind(SpanKind.CLIENT)
                .setParent(Context.root().with(request))
                .setAttribute(METHOD, method)
                .setAttribute("server.address", endpoint.address())
                .setAttribute("server.port", endpoint.port())
                .setAttribute("linnet.service", of.toString())
                .startSpan();
        if (!endpoint.pod().isEmpty()) {
            attempt.setAttribute("linnet.pod", endpoint.pod());
        }
        if (attempts > 1) {
            attempt.setAttribute("http.request.resend_count", attempts - 1);
        }
    }

    /** What the endpoint that is asked is told: whole lines, each with its end. */
    public byte[] lines() {
        Span told = attempt.getSpanContext().isValid() ? attempt : request;
        return TraceHeaders.lines(told.getSpanContext(), ways, saidByRoute);
    }

    /** The endpoint has begun to answer. */
    public void answered(int status) {
        attempt.setAttribute(STATUS, status);
        if (status >= 400) {
            fail(attempt, String.valueOf(status));
        }
    }

    /** The endpoint has failed. */
    public void failed(Failure failure) {
        fail(attempt, failure.label());
        attempt.end();
    }

    private static void fail(Span span, String type) {
        span.setAttribute("error.type", type).setStatus(StatusCode.ERROR);
    }

    /** Who has called whom, as far as it is known. */
    public void between(boolean inside, Workload caller, Workload callee) {
        request.setAttribute("linnet.reporter", inside ? "mesh" : "edge");
        tell("linnet.source", caller);
        tell("linnet.destination", callee);
    }

    private void tell(String which, Workload workload) {
        if (workload.isKnown()) {
            request.setAttribute(which + ".namespace", workload.namespace())
                    .setAttribute(which + ".workload", workload.name());
        }
    }

    /**
     * The exchange is over.
     *
     * @param status 0 if the client was told none
     */
    public void end(int status, Failure failure) {
        if (status > 0) {
            request.setAttribute(STATUS, status);
        }
        if (isOurs(failure)) {
            fail(request, failure.label());
            fail(attempt, failure.label());
        } else if (status >= 500) {
            fail(request, String.valueOf(status));
        } else if (failure != Failure.NONE) {
            request.setAttribute("error.type", failure.label()); // a client's mistake is no error of a server's span
        }
        attempt.end();
        request.end();
    }

    private static boolean isOurs(Failure failure) {
        return switch (failure) {
            case NONE, BAD_REQUEST, CLIENT_TIMEOUT, CLIENT_ABORT, NO_ROUTE -> false;
            case NO_ENDPOINTS, OVERFLOW, CONNECT, CONNECT_TIMEOUT, SEND_TIMEOUT, READ_TIMEOUT -> true;
            case RESET, BAD_RESPONSE, STOPPED -> true;
        };
    }
}
