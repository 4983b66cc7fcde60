package dev.linnet.gateway.exchange;

import dev.linnet.routing.Dealer;
import dev.linnet.routing.Side;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What one event loop keeps for a route: its checks, what it remembers of its choices, and the state of its sides. Gone with the route. */
final class RouteState {
    private final List<Check> checks;
    private final Dealer dealer;
    private final Function<Side, SideState> newSide;
    private final Map<Side, SideState> sides = new HashMap<>(2);

    RouteState(List<Check> checks, Dealer dealer, Function<Side, SideState> newSide) {
        this.checks = List.copyOf(checks);
        this.dealer = dealer;
        this.newSide = newSide;
    }

    List<Check> checks() {
        return checks;
    }

    Dealer dealer() {
        return dealer;
    }

    SideState side(Side side) {
        return sides.computeIfAbsent(side, newSide);
    }
}
