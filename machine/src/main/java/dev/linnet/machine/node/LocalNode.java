package dev.linnet.machine.node;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A node of this machine. All share its processors and memory; what they offer is for the scheduler to count with.
 *
 * @param labels beside those that every node has
 */
public record LocalNode(String name, Map<String, String> labels) {

    /** What each node offers. */
    static final Map<String, Quantity> SIZE = Map.of(
            "cpu", Quantity.parse("32"),
            "memory", Quantity.parse("64Gi"),
            "ephemeral-storage", Quantity.parse("100Gi"),
            "pods", Quantity.parse("1000"));

    public LocalNode {
        labels = Map.copyOf(labels);
    }

    /** {@code node-1} to {@code node-3}. */
    public static List<LocalNode> usual() {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(number -> new LocalNode("node-" + number, Map.of()))
                .toList();
    }
}
