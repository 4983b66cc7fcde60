package dev.linnet.gateway.exchange;

import dev.linnet.numbers.SeriesRecorder;
import dev.linnet.routing.Side;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What one event loop keeps for a route: its checks, and the counters of its sides. Gone with the route. */
final class RouteState {
    private final List<Check> checks;
    private final Function<Side, SeriesRecorder> newRecorder;
    private final Map<Side, SeriesRecorder> recorders = new HashMap<>(2);

    RouteState(List<Check> checks, Function<Side, SeriesRecorder> newRecorder) {
        this.checks = List.copyOf(checks);
        this.newRecorder = newRecorder;
    }

    List<Check> checks() {
        return checks;
    }

    SeriesRecorder recorder(Side side) {
        return recorders.computeIfAbsent(side, newRecorder);
    }
}
