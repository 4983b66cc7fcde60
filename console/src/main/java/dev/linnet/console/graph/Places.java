package dev.linnet.console.graph;

import dev.linnet.console.graph.Layout.Call;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Where everything stands in front of one who looks. Calls that rest for a while keep their places free and come back to them: only what was
 * never there before moves anything, and only then is a picture laid out anew. Not for several threads.
 */
public final class Places {
    /** Of those that are not there any more, not many more than are. */
    private static final int SPARE = 20;

    private final boolean slim;
    private final Set<String> nodes = new HashSet<>();
    private final Set<Call> calls = new HashSet<>();
    private Layout layout = Layout.EMPTY;

    /** @param slim whether the picture is for a window higher than wide */
    public Places(boolean slim) {
        this.slim = slim;
    }

    Layout of(Collection<String> shown, Collection<Call> between) {
        boolean isNew = nodes.addAll(shown);
        isNew |= calls.addAll(between);
        if (isNew) {
            if (nodes.size() > 2 * shown.size() + SPARE || calls.size() > 2 * between.size() + SPARE) {
                nodes.retainAll(shown);
                calls.retainAll(between);
            }
            layout = Layering.of(nodes, calls, slim);
        }
        return layout;
    }
}
