package dev.linnet.gateway.exchange;

import dev.linnet.gateway.balance.Load;

/** A request that an endpoint is busy with, as its {@link Load} counts it. */
final class InFlight {
    private final Load load;
    private final Loop loop;
    private final long opened;
    private long connected;
    private boolean answered;

    InFlight(Load load, Loop loop) {
        this.load = load;
        this.loop = loop;
        this.opened = loop.nanoTime();
        this.connected = opened;
        load.begin();
    }

    void connected() {
        connected = loop.nanoTime();
    }

    void answered() {
        answered = true;
    }

    /**
     * The endpoint is free of it. Counts the time to connect twice, as ingress-nginx does; only for an answer, because an endpoint that refuses
     * quickly is not a fast one.
     */
    void end() {
        load.end();
        if (answered) {
            long now = loop.nanoTime();
            load.took((connected - opened + now - opened) / 1e9, now);
        }
    }
}
