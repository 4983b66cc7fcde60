package dev.linnet.manifests.istio;

import dev.linnet.manifests.istio.PolicyBlocks.Connections;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import dev.linnet.routing.policy.TrafficPolicy.Pool;
import dev.linnet.routing.policy.TrafficPolicy.Version;
import java.util.OptionalInt;

/** What DestinationRules say of Service ports to one who sends requests there. Immutable. */
public final class TrafficPolicies {
    private final DestinationRules rules;
    private final String client;
    private final boolean none;

    TrafficPolicies(DestinationRules rules, String client) {
        this.rules = rules;
        this.client = client;
        this.none = !rules.limit();
    }

    /** Whether nothing is said of any. */
    public boolean areNone() {
        return none;
    }

    /** @param port the number of the Service's port, if it is known */
    public TrafficPolicy of(ServiceRef ref, OptionalInt port) {
        PolicyBlocks blocks = rules.policy(
                ref.subset().name(),
                ref.isHost() ? ref.name() : Names.whole(ref.namespace(), ref.name()),
                ref.namespace(),
                client,
                port);
        return new TrafficPolicy(
                blocks.connections().map(Connections::pool).orElse(Pool.UNLIMITED),
                blocks.outliers(),
                blocks.tls().flatMap(PolicyBlocks.Tls::security),
                blocks.connections().map(Connections::version).orElse(Version.HTTP_1));
    }
}
