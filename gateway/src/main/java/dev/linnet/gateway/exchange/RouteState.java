package dev.linnet.gateway.exchange;

import dev.linnet.routing.Dealer;
import dev.linnet.routing.Side;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one event loop keeps for a route: its checks, what it remembers of its choices, and the state of its sides. Gone with the route. */
final class RouteState {
    private final List<Check> checks;
    private final Dealer dealer;
    private final Function<Side, SideState> newSide;
    private @Nullable Side first;
    private @Nullable SideState firstState;
    private Map<Side, SideState> others = Map.of();

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

    /** Most routes have one side: a map for each of a hundred thousand would be looked for in memory at each request. */
    SideState side(Side side) {
        SideState known = firstState;
        if (known != null && side.equals(first)) {
            return known;
        }
        return known == null ? begin(side) : other(side);
    }

    private SideState begin(Side side) {
        SideState made = newSide.apply(side);
        first = side;
        firstState = made;
        return made;
    }

    private SideState other(Side side) {
        if (others.isEmpty()) {
            others = new HashMap<>();
        }
        return others.computeIfAbsent(side, newSide);
    }
}
