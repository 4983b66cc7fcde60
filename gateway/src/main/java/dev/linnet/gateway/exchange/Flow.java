package dev.linnet.gateway.exchange;

import dev.linnet.routing.policy.Pace;

/**
 * Lets each end of one exchange read as long as the other takes what comes of it, and waits for whoever has to do something. There is always
 * a deadline.
 */
final class Flow {
    private final Loop loop;
    private final ExchangeSettings settings;
    private final ClientEnd client;
    private final RequestRelay request;
    private final ResponseRelay response;
    private final Attempts attempts;
    private boolean tunnel;
    private Pace pace = Pace.ANY;
    private long begun;
    private boolean pausing;

    Flow(Loop loop, ClientEnd client, RequestRelay request, ResponseRelay response, Attempts attempts) {
        this.loop = loop;
        this.settings = loop.settings();
        this.client = client;
        this.request = request;
        this.response = response;
        this.attempts = attempts;
    }

    /** From now on either end may speak or be silent when it likes. */
    void becomesTunnel() {
        tunnel = true;
    }

    /** From now on the answer goes as fast as this. */
    void obey(Pace wanted) {
        pace = wanted;
    }

    /** The answer begins. */
    void begin() {
        if (pace.isLimited()) {
            begun = loop.nanoTime();
        }
    }

    /** Whether the endpoint is not waited for, but lets the client's pace catch up. */
    boolean isPausing() {
        return pausing;
    }

    /** The whole body is waited for before anybody is asked. */
    void waitForWholeBody() {
        client.read(true);
        client.waitAtMost(settings.bodyTimeout().toNanos());
    }

    /** The endpoints have no time yet. */
    void waitInLine(long nanos) {
        client.read(request.isSettled() || request.hasRoom());
        client.waitAtMost(nanos);
    }

    /** To be called after each event. */
    void settle() {
        UpstreamEnd upstream = attempts.upstream();
        if (!upstream.isConnected()) { // an attempt to connect has its own deadline
            client.read(request.isSettled() || request.hasRoom());
            client.waitNoLonger();
            return;
        }
        boolean up = upstream.isWritable();
        boolean down = client.isWritable();
        long pause = down && !tunnel && response.isStarted() && pace.isLimited()
                ? pace.pause(response.bytes(), loop.nanoTime() - begun)
                : 0;
        pausing = pause > 0;
        client.read(up);
        upstream.read(down && !pausing);
        if (pausing) {
            upstream.waitAtMost(pause);
        } else {
            waitForUpstream(upstream, up, down);
        }
        waitForClient(up, down);
    }

    private void waitForUpstream(UpstreamEnd upstream, boolean up, boolean down) {
        boolean itsTurn = tunnel || response.isStarted() || request.isSettled();
        if (!up) {
            upstream.waitAtMost(attempts.sendNanos());
        } else if (down && itsTurn) {
            upstream.waitAtMost(response.isStarted() || tunnel ? attempts.readNanos() : attempts.answerNanos());
        } else {
            upstream.waitNoLonger();
        }
    }

    private void waitForClient(boolean up, boolean down) {
        if (!down) {
            client.waitAtMost(settings.sendTimeout().toNanos());
        } else if (up && !tunnel && !request.isSettled()) {
            client.waitAtMost(settings.bodyTimeout().toNanos());
        } else {
            client.waitNoLonger();
        }
    }
}
