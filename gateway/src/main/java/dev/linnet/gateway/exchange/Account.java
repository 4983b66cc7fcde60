package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.Caller;
import dev.linnet.gateway.http.RequestHead;
import dev.linnet.gateway.log.LogEntry;
import dev.linnet.gateway.log.RouteNames;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.numbers.Outcome;
import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.Endpoint;
import dev.linnet.routing.Match;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Workload;
import org.jspecify.annotations.Nullable;

/** What an exchange will have been, for the numbers and the access log: whose it was and how long its parts took. */
final class Account {
    private final Loop loop;
    private final Caller peer;
    private final long started;
    private final @Nullable LogEntry entry;
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

    /** @param peer who is at the other end of the connection */
    Account(Loop loop, Caller peer) {
        this.loop = loop;
        this.peer = peer;
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

    void unmatched(RequestHead head, Match.Unmatched why) {
        series = loop.unrouted(head);
        if (entry != null && why == Match.Unmatched.NO_HOST) {
            entry.unknownHost();
        }
    }

    /** A rule answers by itself. */
    void redirected(RequestHead head, Rule rule) {
        series = loop.recorder(head, rule);
        if (entry != null) {
            entry.routed(RouteNames.of(rule));
        }
    }

    void routed(RequestHead head, SideState to) {
        side = to;
        series = loop.recorder(head, to);
        if (entry != null) {
            entry.routed(to.names());
        }
    }

    /** The head for endpoints was written. */
    void sent(RequestHead head) {
        if (entry != null) {
            loop.heads().tellId(head, entry);
        }
    }

    /** An endpoint is asked, or the next one. */
    void attempting(Endpoint asked) {
        endpoint = asked;
        attemptStarted = loop.nanoTime();
        if (entry != null) {
            entry.attempt(asked, attemptStarted);
        }
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
    }

    /** The endpoint that was asked has failed; another one may be asked. */
    void failed(Failure failure) {
        if (entry != null) {
            entry.failed(Answers.statusOf(failure), loop.nanoTime());
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
            Workload pod = endpoint == null ? Workload.UNKNOWN : loop.pod(endpoint.pod());
            Calls calls = side.calls();
            SeriesRecorder call = peer.isInside() ? calls.by(loop.workload(peer.peer()), pod) : calls.fromOutside(pod);
            call.record(outcome);
        }
        if (entry != null) {
            long body = response.bytes() - response.headBytes();
            entry.write(told, now, now - started, headBytes + bodyBytes, body, response.bytes());
        }
    }
}
