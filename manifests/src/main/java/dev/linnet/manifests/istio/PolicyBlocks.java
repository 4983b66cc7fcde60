package dev.linnet.manifests.istio;

import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.TrafficPolicy.Outliers;
import dev.linnet.routing.policy.TrafficPolicy.Pool;
import dev.linnet.routing.policy.TrafficPolicy.Security;
import dev.linnet.routing.policy.TrafficPolicy.Version;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A {@code trafficPolicy}, block by block (spec §2.4). A block that is not there is empty.
 *
 * @param ports of {@code portLevelSettings}, by the Service's port; theirs have none in turn
 */
record PolicyBlocks(
        Optional<Balancing> balancing,
        Optional<Connections> connections,
        Optional<Outliers> outliers,
        Optional<Tls> tls,
        Map<Integer, PolicyBlocks> ports) {
    static final PolicyBlocks NONE =
            new PolicyBlocks(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

    /** How many connections there are, and which version of HTTP they speak. */
    record Connections(Pool pool, Version version) {}

    /**
     * How endpoints are spoken to.
     *
     * @param security empty for in the clear
     */
    record Tls(Optional<Security> security) {}

    PolicyBlocks {
        ports = Map.copyOf(ports);
    }

    /** What counts where a subset says this and its Service that. Of a port that has settings of its own those alone count. */
    PolicyBlocks over(PolicyBlocks service, OptionalInt port) {
        if (port.isPresent()) {
            Optional<PolicyBlocks> own = Optional.ofNullable(ports.get(port.getAsInt()))
                    .or(() -> Optional.ofNullable(service.ports.get(port.getAsInt())));
            if (own.isPresent()) {
                return own.get();
            }
        }
        return new PolicyBlocks(
                balancing.or(service::balancing),
                connections.or(service::connections),
                outliers.or(service::outliers),
                tls.or(service::tls),
                Map.of());
    }

    /** Whether anything is said beside how endpoints are chosen. */
    boolean limits() {
        return connections.isPresent()
                || outliers.isPresent()
                || tls.isPresent()
                || ports.values().stream().anyMatch(PolicyBlocks::limits);
    }
}
