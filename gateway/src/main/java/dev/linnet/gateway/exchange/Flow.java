package dev.linnet.gateway.exchange;

/**
 * Lets each end of one exchange read as long as the other takes what comes of it, and waits for whoever has to do something. There is always
 * a deadline.
 */
final class Flow {
    private final ExchangeSettings settings;
    private final ClientEnd client;
    private final RequestRelay request;
    private final ResponseRelay response;
    private final Attempts attempts;
    private boolean tunnel;

    Flow(ExchangeSettings settings, ClientEnd client, RequestRelay request, ResponseRelay response, Attempts attempts) {
        this.settings = settings;
        this.client = client;
        this.request = request;
        this.response = response;
        this.attempts = attempts;
    }

    /** From now on either end may speak or be silent when it likes. */
    void becomesTunnel() {
        tunnel = true;
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
        client.read(up);
        upstream.read(down);
        waitForUpstream(upstream, up, down);
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
