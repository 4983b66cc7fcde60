package dev.linnet.gateway.feed;

import dev.linnet.manifests.istio.TrafficPolicies;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.TrafficPolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds for all requests to the Service ports that routes lead to, as DestinationRules and these ports say. Used by one thread. */
final class PolicyIndex {
    private final SecretIndex secrets;
    private final TrustIndex trusts;
    private Map<ServiceRef, TrafficPolicy> known = Map.of();

    PolicyIndex(SecretIndex secrets, TrustIndex trusts) {
        this.secrets = secrets;
        this.trusts = trusts;
    }

    /** Gives those that are different now. Where nobody says anything, which is usual, it costs nothing. */
    Map<ServiceRef, TrafficPolicy> resolve(TrafficPolicies said, EndpointIndex endpoints) {
        Set<ServiceRef> http2 = endpoints.usedOverHttp2();
        if (known.isEmpty() && said.areNone() && http2.isEmpty()) {
            return Map.of();
        }
        Map<ServiceRef, TrafficPolicy> now = new HashMap<>();
        (said.areNone() ? http2 : endpoints.used()).forEach(ref -> {
            TrafficPolicy ofRule = said.of(ref, endpoints.number(ref));
            TrafficPolicy policy = http2.contains(ref) ? ofRule.overHttp2() : ofRule;
            if (!policy.equals(TrafficPolicy.NONE)) {
                now.put(ref, policy);
            }
        });
        Map<ServiceRef, TrafficPolicy> before = known;
        known = now;
        secrets.use(secretsOf(before), secretsOf(now));
        Map<ServiceRef, TrafficPolicy> different = new HashMap<>();
        Changed.keys(before, now).forEach(ref -> {
            trusts.policyChanged(Optional.ofNullable(before.get(ref)), Optional.ofNullable(now.get(ref)));
            different.put(ref, now.getOrDefault(ref, TrafficPolicy.NONE));
        });
        return different;
    }

    private static Map<ObjectRef, Set<SecretRef>> secretsOf(Map<ServiceRef, TrafficPolicy> policies) {
        Map<ObjectRef, Set<SecretRef>> secrets = new HashMap<>();
        policies.values().stream()
                .flatMap(policy -> policy.security().stream())
                .forEach(security -> security.upstream()
                        .trust()
                        .flatMap(trust -> trust.secret())
                        .ifPresent(secret -> secrets.computeIfAbsent(security.source(), _ -> new HashSet<>())
                                .add(secret)));
        return secrets;
    }
}
