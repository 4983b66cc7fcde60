package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.RequestHead;
import dev.linnet.numbers.Failure;
import dev.linnet.numbers.Method;
import dev.linnet.numbers.Outcome;
import dev.linnet.numbers.SeriesRecorder;

/** What an exchange will have been, for the numbers: whose it was and how long its parts took. */
final class Account {
    private final Loop loop;
    private final long started;
    private SeriesRecorder series;
    private Method method = Method.OTHER;
    private long headBytes;
    private long connectNanos = Outcome.NOT_OBSERVED;
    private long headerNanos = Outcome.NOT_OBSERVED;

    Account(Loop loop) {
        this.loop = loop;
        this.started = loop.nanoTime();
        this.series = loop.unrouted();
    }

    void asked(RequestHead head, int length) {
        method = head.method();
        headBytes = length;
    }

    void routed(SeriesRecorder to) {
        series = to;
    }

    /** A kept connection was used. */
    void connectedAtOnce() {
        connectNanos = 0;
    }

    void connected() {
        connectNanos = loop.nanoTime() - started;
    }

    void answered() {
        headerNanos = loop.nanoTime() - started;
    }

    /**
     * The exchange is over.
     *
     * @param attempts how many endpoints were asked: what they took is only told of one
     */
    void close(int status, Failure failure, int attempts, long bodyBytes, long responseBytes) {
        long took = loop.nanoTime() - started;
        boolean observed = attempts == 1;
        series.record(new Outcome(
                method,
                failure == Failure.CLIENT_ABORT ? 499 : status,
                failure,
                took,
                observed ? connectNanos : Outcome.NOT_OBSERVED,
                observed ? headerNanos : Outcome.NOT_OBSERVED,
                observed && headerNanos >= 0 ? took : Outcome.NOT_OBSERVED,
                headBytes + bodyBytes,
                responseBytes));
    }
}
