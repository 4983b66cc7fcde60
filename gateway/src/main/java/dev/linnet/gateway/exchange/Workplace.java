package dev.linnet.gateway.exchange;

/** What an event loop offers to those who work on it and have to wait for something. */
public interface Workplace {
    /** Does something on the event loop, soon. Any thread may ask for it. */
    void execute(Runnable task);

    /** The event loop's own connections to endpoints. */
    Upstreams upstreams();
}
