package dev.linnet.machine.node;

import dev.linnet.machine.podproxy.Egress;
import java.nio.file.Path;
import java.util.List;

/**
 * What a node agent is told.
 *
 * @param nodes      to be; at least one
 * @param directory  where Pods keep volumes and logs; nobody else may write there
 * @param token      that readers of logs must present; the API server knows it
 * @param images     what runs containers
 * @param egress     what Pods may reach through their proxies
 */
public record NodeSettings(
        List<LocalNode> nodes, Path directory, AccessToken token, Images images, DrainTimes drain, Egress egress) {

    public NodeSettings {
        nodes = List.copyOf(nodes);
        directory = directory.toAbsolutePath().normalize();
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("there are 0 nodes (expected: at least 1)");
        }
    }
}
