package dev.linnet.gateway.exchange;

import java.time.Duration;

/** What an event loop offers to those who work on it and have to wait for something. */
public interface Workplace {
    /** Does something on the event loop, soon. Any thread may ask for it. */
    void execute(Runnable task);

    /** Does something on the event loop, later. */
    Later executeLater(Runnable task, Duration delay);

    /** What is done later, unless it is called off on the event loop before: then nothing of it is kept. */
    interface Later {
        void callOff();
    }

    /** Something is under way for which no client waits: if the event loop ends before it does, it is abandoned. */
    void begin(Errand errand);

    /** It is over. */
    void end(Errand errand);

    /** What may have to be abandoned. */
    interface Errand {
        void abandon();
    }

    /** The event loop's own connections to endpoints. */
    Upstreams upstreams();
}
