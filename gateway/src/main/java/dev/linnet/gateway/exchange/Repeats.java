package dev.linnet.gateway.exchange;

import dev.linnet.numbers.Failure;
import dev.linnet.routing.policy.Retries;
import java.util.Set;

/**
 * Whether one request may be sent once more, and after what that is wanted (spec of ingress-nginx, §3.6): a request that may have reached
 * an endpoint only if that does no harm (RFC 9110 §9.2.2), and only while all of its body is still here.
 */
final class Repeats {
    private final Exchange exchange;
    private final Loop loop;
    private final RequestRelay request;
    private Retries wanted = Retries.DEFAULT;
    private long firstAsked;

    Repeats(Exchange exchange, Loop loop, RequestRelay request) {
        this.exchange = exchange;
        this.loop = loop;
        this.request = request;
    }

    /** From now on this is what the route wants. */
    void obey(Retries rules) {
        wanted = rules;
    }

    /** The first endpoint is asked now. */
    void begin() {
        firstAsked = loop.nanoTime();
    }

    /** Whether an endpoint may act upon it twice. */
    boolean isRepeatable() {
        return exchange.method().isIdempotent() || wanted.nonIdempotent();
    }

    /** Whether it may be sent once more, though an endpoint may have got it. */
    boolean isHarmless() {
        return isRepeatable() && request.canBeSentAgain();
    }

    /** The same for a connection that has ended: if it said that it has done nothing with the request, nobody has got it. */
    boolean isHarmlessAfter(UpstreamEnd ended) {
        return (isRepeatable() || ended.hasRefused()) && request.canBeSentAgain();
    }

    /** Whether another endpoint should be asked after this answer. */
    boolean isWantedAfter(int status) {
        return isReason(status) && isInTime();
    }

    /** Whether this answer would have been a reason to ask another endpoint, but the time for all of them is over. */
    boolean isTooLate(int status) {
        return wanted.likeIstio() && isReason(status) && !isInTime();
    }

    private boolean isReason(int status) {
        return !wanted.statuses().isEmpty() && wanted.statuses().contains(status);
    }

    /** Whether another endpoint should be asked after this failure. */
    boolean isWantedAfter(Failure failure) {
        Set<Retries.On> on = wanted.on();
        boolean reason = switch (failure) {
            case CONNECT, RESET -> on.contains(Retries.On.ERROR);
            case CONNECT_TIMEOUT, SEND_TIMEOUT, READ_TIMEOUT -> on.contains(Retries.On.TIMEOUT);
            case BAD_RESPONSE -> on.contains(Retries.On.INVALID_HEADER);
            case NONE, BAD_REQUEST, CLIENT_TIMEOUT, CLIENT_ABORT, NO_ROUTE, NO_ENDPOINTS, OVERFLOW, STOPPED -> false;
        };
        return reason && isInTime();
    }

    private boolean isInTime() {
        long within = wanted.within().toNanos();
        return within == 0 || loop.nanoTime() - firstAsked < within;
    }
}
