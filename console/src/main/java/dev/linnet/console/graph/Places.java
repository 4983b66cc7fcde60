package dev.linnet.console.graph;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where nodes stand in front of one who looks. Calls that rest for a while keep their places free and come back to them: only what was never
 * there before moves anything, and only then is a picture laid out anew. Not for several threads.
 */
public final class Places {
    /** Of those that are not there any more, not many more than are. */
    private static final int SPARE = 20;

    private final Set<String> nodes = new HashSet<>();
    private final Set<Layers.Call> calls = new HashSet<>();
    private Map<String, Layers.Place> places = Map.of();

    Map<String, Layers.Place> of(Collection<String> shown, Collection<Layers.Call> between) {
        boolean isNew = nodes.addAll(shown);
        isNew |= calls.addAll(between);
        if (isNew) {
            if (nodes.size() > 2 * shown.size() + SPARE || calls.size() > 2 * between.size() + SPARE) {
                nodes.retainAll(shown);
                calls.retainAll(between);
            }
            places = Layers.of(List.copyOf(nodes), List.copyOf(calls));
        }
        return places;
    }
}
