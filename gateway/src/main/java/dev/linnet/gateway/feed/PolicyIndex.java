package dev.linnet.gateway.feed;

import dev.linnet.manifests.istio.TrafficPolicies;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import java.util.HashMap;
import java.util.Map;

/** What holds for all requests to the Service ports that routes lead to, as DestinationRules have it. Used by one thread. */
final class PolicyIndex {
    private Map<ServiceRef, TrafficPolicy> known = Map.of();

    /** Gives those that are different now. Where nobody says anything, which is usual, it costs nothing. */
    Map<ServiceRef, TrafficPolicy> resolve(TrafficPolicies said, EndpointIndex endpoints) {
        if (known.isEmpty() && said.areNone()) {
            return Map.of();
        }
        Map<ServiceRef, TrafficPolicy> now = new HashMap<>();
        endpoints.used().forEach(ref -> {
            TrafficPolicy policy = said.of(ref, endpoints.number(ref));
            if (!policy.equals(TrafficPolicy.NONE)) {
                now.put(ref, policy);
            }
        });
        Map<ServiceRef, TrafficPolicy> different = new HashMap<>();
        Changed.keys(known, now).forEach(ref -> different.put(ref, now.getOrDefault(ref, TrafficPolicy.NONE)));
        known = now;
        return different;
    }
}
