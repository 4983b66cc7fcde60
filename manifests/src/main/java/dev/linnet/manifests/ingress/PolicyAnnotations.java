package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Policy;
import java.util.HashSet;
import java.util.Set;

/** What a primary does with requests beside choosing their backend, put together from the readers of each concern. */
final class PolicyAnnotations {
    private PolicyAnnotations() {}

    /** All names that are read here: each reader adds its own. */
    static Set<String> names() {
        return new HashSet<>();
    }

    static Policy read(Annotations annotations) {
        Policy policy = Policy.NONE
                .withUpstream(UpstreamAnnotations.read(annotations))
                .withBalancing(BalanceAnnotations.read(annotations));
        return AffinityAnnotations.read(annotations).map(policy::withAffinity).orElse(policy);
    }
}
