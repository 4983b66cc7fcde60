package dev.linnet.console.graph;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What somebody wants to see of the graph.
 *
 * @param window    how far back
 * @param namespace whose calls; empty for all
 * @param errors    only calls of which some failed
 * @param services  Services as nodes of their own, between callers and called
 * @param slim      drawn for a window higher than wide
 */
public record Wish(Duration window, String namespace, boolean errors, boolean services, boolean slim) {
    /** The windows that are offered. */
    public static final List<Duration> WINDOWS =
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(5));

    /** From an address; what is not understood is as usual. */
    public static Wish of(String window, String namespace, String errors, String services, String slim) {
        Duration asked = WINDOWS.stream()
                .filter(offered -> String.valueOf(offered.toSeconds()).equals(window))
                .findFirst()
                .orElse(Duration.ofMinutes(1));
        return new Wish(
                asked,
                namespace.strip().toLowerCase(Locale.ROOT),
                errors.equals("1"),
                services.equals("1"),
                slim.equals("1"));
    }
}
