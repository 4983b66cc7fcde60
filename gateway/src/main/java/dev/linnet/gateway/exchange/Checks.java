package dev.linnet.gateway.exchange;

import dev.linnet.routing.Route;
import java.util.List;

/** Makes the checks of a route for one event loop. */
@FunctionalInterface
public interface Checks {
    /** In the order in which they are to be made; empty if the route demands nothing. */
    List<Check> of(Route route, Loop loop);
}
