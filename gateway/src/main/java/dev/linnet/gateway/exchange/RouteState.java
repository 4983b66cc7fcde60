package dev.linnet.gateway.exchange;

import dev.linnet.routing.Side;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What one event loop keeps for a route: its checks, and the state of its sides. Gone with the route. */
final class RouteState {
    private final List<Check> checks;
    private final Function<Side, SideState> newSide;
    private final Map<Side, SideState> sides = new HashMap<>(2);

    RouteState(List<Check> checks, Function<Side, SideState> newSide) {
        this.checks = List.copyOf(checks);
        this.newSide = newSide;
    }

    List<Check> checks() {
        return checks;
    }

    SideState side(Side side) {
        return sides.computeIfAbsent(side, newSide);
    }
}
