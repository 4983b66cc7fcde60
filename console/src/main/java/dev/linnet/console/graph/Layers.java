package dev.linnet.console.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where nodes stand: callers left of those whom they call, in layers (Sugiyama, Tagawa and Toda 1981). The same graph has the same picture,
 * and a little change of it a little change of the picture: everything begins in the order of the names.
 */
final class Layers {
    private static final int SWEEPS = 6;

    /** Rows of a column; a longer one is folded, so that a picture of hundreds is not much higher than wide. */
    private static final int TALLEST = 24;

    private final List<String> nodes;
    private final Map<String, Set<String>> next = new LinkedHashMap<>();
    private final Map<String, Set<String>> previous = new LinkedHashMap<>();
    private final Map<String, Integer> layer = new HashMap<>();
    private final Map<String, Double> place = new HashMap<>();

    /**
     * Where a node stands.
     *
     * @param layer column, from the left, beginning with 0
     * @param row   from the top, in rows, 0 being the middle
     */
    record Place(int layer, double row) {}

    /** A call. */
    record Call(String from, String to) {}

    private Layers(List<String> nodes) {
        this.nodes = nodes.stream().sorted().toList();
        this.nodes.forEach(node -> {
            next.put(node, new HashSet<>());
            previous.put(node, new HashSet<>());
        });
    }

    static Map<String, Place> of(List<String> nodes, List<Call> calls) {
        Layers layers = new Layers(nodes);
        calls.stream()
                .filter(call -> !call.from().equals(call.to()))
                .sorted(Comparator.comparing(Call::from).thenComparing(Call::to))
                .forEach(layers::add);
        layers.assign();
        return layers.arrange();
    }

    /** A call that would close a circle is left out: it is drawn, but moves nobody. */
    private void add(Call call) {
        if (!reaches(call.to(), call.from(), new HashSet<>())) {
            next.getOrDefault(call.from(), new HashSet<>()).add(call.to());
            previous.getOrDefault(call.to(), new HashSet<>()).add(call.from());
        }
    }

    private boolean reaches(String from, String to, Set<String> seen) {
        List<String> open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            String node = open.removeLast();
            if (node.equals(to)) {
                return true;
            }
            if (seen.add(node)) {
                open.addAll(next.getOrDefault(node, Set.of()));
            }
        }
        return false;
    }

    /** As far right as the longest way to it is. */
    private void assign() {
        Map<String, Integer> waiting = new HashMap<>();
        List<String> ready = new ArrayList<>();
        for (String node : nodes) {
            int callers = previous.getOrDefault(node, Set.of()).size();
            waiting.put(node, callers);
            layer.put(node, 0);
            if (callers == 0) {
                ready.add(node);
            }
        }
        while (!ready.isEmpty()) {
            String node = ready.removeLast();
            int here = layer.getOrDefault(node, 0);
            for (String called : next.getOrDefault(node, Set.of())) {
                layer.merge(called, here + 1, Math::max);
                if (waiting.merge(called, -1, Integer::sum) == 0) {
                    ready.add(called);
                }
            }
        }
    }

    private Map<String, Place> arrange() {
        TreeMap<Integer, List<String>> columns = new TreeMap<>();
        nodes.forEach(node -> columns.computeIfAbsent(layer.getOrDefault(node, 0), _ -> new ArrayList<>())
                .add(node));
        columns.values().forEach(this::number);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean rightwards = sweep % 2 == 0;
            for (List<String> column : (rightwards ? columns : columns.descendingMap()).values()) {
                order(column, rightwards ? previous : next);
            }
        }
        return folded(columns.values());
    }

    private static Map<String, Place> folded(Collection<List<String>> columns) {
        Map<String, Place> places = new HashMap<>();
        int begin = 0;
        for (List<String> column : columns) {
            int folds = Math.ceilDiv(column.size(), TALLEST);
            int rows = Math.ceilDiv(column.size(), folds);
            for (int i = 0; i < column.size(); i++) {
                int fold = i / rows;
                int here = Math.min(rows, column.size() - fold * rows);
                places.put(column.get(i), new Place(begin + fold, i % rows - (here - 1) / 2.0));
            }
            begin += folds;
        }
        return places;
    }

    /** By the middle of their neighbours; who has none stays where it is. */
    private void order(List<String> column, Map<String, Set<String>> neighbours) {
        Map<String, Double> wished = new HashMap<>();
        for (String node : column) {
            wished.put(
                    node,
                    neighbours.getOrDefault(node, Set.of()).stream()
                            .mapToDouble(other -> place.getOrDefault(other, 0.0))
                            .average()
                            .orElse(place.getOrDefault(node, 0.0)));
        }
        column.sort(Comparator.comparing((String node) -> wished.getOrDefault(node, 0.0))
                .thenComparing(Comparator.naturalOrder()));
        number(column);
    }

    private void number(List<String> column) {
        for (int i = 0; i < column.size(); i++) {
            place.put(column.get(i), i - (column.size() - 1) / 2.0);
        }
    }
}
