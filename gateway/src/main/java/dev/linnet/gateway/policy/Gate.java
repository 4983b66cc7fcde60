package dev.linnet.gateway.policy;

import dev.linnet.gateway.exchange.Visit;
import java.util.function.Consumer;

/** One of the things that may be demanded of who uses a route. Serves one route on one event loop. */
interface Gate {
    /** Says what it thinks of a request: at once, or later on the same event loop after {@link Visit#hold}. */
    void ask(Visit visit, Consumer<Opinion> then);
}
