package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.RequestEdits;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.log.LogEntry;
import dev.linnet.gateway.log.RouteNames;
import dev.linnet.gateway.trace.RequestTrace;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.numbers.Outcome;
import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Match;
import dev.linnet.routing.Rule;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import org.jspecify.annotations.Nullable;

/** What an exchange will have been, for the numbers, the access log and its spans: whose it was and how long its parts took. */
final class Account {
    private static final byte[] NO_LINES = {};

    private final Loop loop;
    private final Caller peer;
    private final boolean http2;
    private final long started;
    private final @Nullable LogEntry entry;
    private @Nullable RequestTrace trace;
    private SeriesRecorder series;
    private Method method = Method.OTHER;
    private boolean asked;
    private long headBytes;
    private long attemptStarted;
    private long connectNanos = Outcome.NOT_OBSERVED;
    private long headerNanos = Outcome.NOT_OBSERVED;
    private boolean failedOver;
    private @Nullable SideState side;
    private @Nullable Endpoint endpoint;

    Account(Loop loop, ClientEnd client) {
        this.loop = loop;
        this.peer = client.caller();
        this.http2 = client.isHttp2();
        this.started = loop.nanoTime();
        this.series = loop.unrouted();
        this.entry = loop.log().begin(loop.policy().accessLog());
        if (entry != null) {
            entry.silent(peer);
        }
    }

    /** @param caller whose request it is, as far as trusted proxies tell */
    void asked(RequestHead head, int length, Caller caller) {
        asked = true;
        method = head.method();
        headBytes = length;
        if (entry != null) {
            entry.asked(head, caller);
        }
    }

    /** What has come is refused. If it was no request, the scanner still holds it. */
    void refused(RequestHead head) {
        if (entry != null && !asked) {
            entry.malformed(head, peer);
        }
    }

    void unmatched(RequestHead head, Caller caller, Match.Unmatched why) {
        series = loop.unrouted(head);
        traced(loop.tracing().begin(head, caller, http2));
        if (entry != null && why == Match.Unmatched.NO_HOST) {
            entry.unknownHost();
        }
    }

    /** A rule answers by itself. */
    void redirected(RequestHead head, Caller caller, Rule rule) {
        matched(head, caller, rule);
        series = loop.recorder(head, rule);
        if (entry != null) {
            entry.routed(RouteNames.of(rule));
        }
    }

    /** There is a rule for it. */
    void matched(RequestHead head, Caller caller, Rule rule) {
        traced(loop.tracing().begin(head, caller, http2, rule));
    }

    private void traced(@Nullable RequestTrace begun) {
        trace = begun;
        if (begun != null && entry != null) {
            entry.traced(begun.traceId(), begun.spanId());
        }
    }

    void routed(RequestHead head, SideState to) {
        side = to;
        series = loop.recorder(head, to);
        if (entry != null) {
            entry.routed(to.names());
        }
        if (trace != null) {
            trace.routed(to.side());
        }
    }

    /** Whether the request has spans. */
    boolean isTraced() {
        return trace != null;
    }

    /** Each endpoint is told of its own span, and not of what the client has told. */
    void hideTrace(RequestEdits edits) {
        if (trace != null) {
            trace.edit(edits);
        }
    }

    /** The head for endpoints was written. */
    void sent(RequestHead head) {
        if (entry != null) {
            loop.heads().tellId(head, entry);
        }
    }

    /** An endpoint is asked, or the next one. */
    void attempting(Endpoint asked, ServiceRef of) {
        endpoint = asked;
        attemptStarted = loop.nanoTime();
        if (entry != null) {
            entry.attempt(asked, attemptStarted);
        }
        if (trace != null) {
            trace.attempting(asked, of);
        }
    }

    /** What the endpoint that is asked is told besides. Not a copy: not to be written to. */
    byte[] lines() {
        return trace == null ? NO_LINES : trace.lines();
    }

    /** A kept connection was used. */
    void connectedAtOnce() {
        connectNanos = 0;
        if (entry != null) {
            entry.connected(0);
        }
    }

    void connected() {
        connectNanos = loop.nanoTime() - attemptStarted;
        if (entry != null) {
            entry.connected(connectNanos);
        }
    }

    void answered(int status) {
        headerNanos = loop.nanoTime() - attemptStarted;
        if (entry != null) {
            entry.answered(status, headerNanos);
        }
        if (trace != null) {
            trace.answered(status);
        }
    }

    /** The endpoint that was asked has failed; another one may be asked. */
    void failed(Failure failure) {
        if (entry != null) {
            entry.failed(Answers.statusOf(failure), loop.nanoTime());
        }
        if (trace != null) {
            trace.failed(failure);
        }
    }

    /**
     * A side could not serve, and another is asked: the failure is the first one's, whatever becomes of the request.
     *
     * @param status what the client would have got
     */
    void failedOver(int status, Failure failure, long bodyBytes, SideState to) {
        series.record(
                Outcome.withoutEndpoint(method, status, failure, loop.nanoTime() - started, headBytes + bodyBytes, 0));
        series = to.recorder();
        side = to;
        failedOver = true;
        if (entry != null) {
            entry.routed(to.names());
        }
        if (trace != null) {
            trace.routed(to.side());
        }
    }

    /**
     * The exchange is over.
     *
     * @param attempts how many endpoints were asked: what they took is only told of one
     */
    void close(int status, Failure failure, int attempts, long bodyBytes, ResponseRelay response) {
        long now = loop.nanoTime();
        int told = failure == Failure.CLIENT_ABORT ? 499 : status;
        boolean observed = attempts == 1 && !failedOver;
        Outcome outcome = new Outcome(
                method,
                told,
                failure,
                now - started,
                observed ? connectNanos : Outcome.NOT_OBSERVED,
                observed ? headerNanos : Outcome.NOT_OBSERVED,
                observed && headerNanos >= 0 ? now - attemptStarted : Outcome.NOT_OBSERVED,
                headBytes + bodyBytes,
                response.bytes());
        series.record(outcome);
        if (side != null && loop.knowsPods()) {
            recordCall(side.calls(), outcome);
        }
        if (trace != null) {
            trace.end(status, failure);
        }
        if (entry != null) {
            long body = response.bytes() - response.headBytes();
            entry.write(told, now, now - started, headBytes + bodyBytes, body, response.bytes());
        }
    }

    private void recordCall(Calls calls, Outcome outcome) {
        Workload pod = endpoint == null ? Workload.UNKNOWN : loop.pod(endpoint.pod());
        Workload caller = peer.isInside() ? loop.workload(peer.peer()) : Workload.UNKNOWN;
        SeriesRecorder call = peer.isInside() ? calls.by(caller, pod) : calls.fromOutside(pod);
        call.record(outcome);
        if (trace != null) {
            trace.between(peer.isInside(), caller, pod);
        }
    }
}
