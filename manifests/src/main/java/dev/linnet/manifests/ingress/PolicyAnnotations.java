package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Policy;

/** What a primary does with requests beside choosing their backend, put together from the readers of each concern. */
final class PolicyAnnotations {
    private PolicyAnnotations() {}

    static Policy read(Annotations annotations) {
        Policy policy = Policy.NONE
                .withUpstream(UpstreamAnnotations.read(annotations))
                .withBalancing(BalanceAnnotations.read(annotations));
        return AffinityAnnotations.read(annotations).map(policy::withAffinity).orElse(policy);
    }
}
