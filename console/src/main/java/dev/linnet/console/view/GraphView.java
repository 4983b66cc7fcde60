package dev.linnet.console.view;

import dev.linnet.console.graph.Wish;
import java.time.Duration;
import java.util.List;

/**
 * The page with the traffic graph, which a script draws.
 *
 * @param namespaces that can be chosen
 * @param problem    why there is nothing to see; else empty
 */
public record GraphView(Frame frame, Wish wish, List<String> namespaces, String problem) {
    public GraphView {
        namespaces = List.copyOf(namespaces);
    }

    public String query() {
        return "window=" + wish.window().toSeconds() + "&ns=" + wish.namespace() + (wish.errors() ? "&errors=1" : "")
                + (wish.services() ? "&services=1" : "");
    }

    public String say(Duration window) {
        return window.toSeconds() < 60
                ? frame.say("graph.window.seconds", window.toSeconds())
                : frame.say("graph.window.minutes", window.toMinutes());
    }
}
