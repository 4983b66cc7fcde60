package dev.linnet.manifests.ingress;

import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;

/** What a primary does with requests beside choosing their backend, put together from the readers of each concern. {@code annotations.txt} lists the names. */
final class PolicyAnnotations {
    private PolicyAnnotations() {}

    static Policy read(Annotations annotations) {
        Policy plain = Policy.NONE
                .withUpstream(UpstreamAnnotations.read(annotations))
                .withBalancing(BalanceAnnotations.read(annotations))
                .withRedirects(RedirectAnnotations.read(annotations))
                .withTarget(TargetAnnotations.read(annotations))
                .withAccess(AccessAnnotations.read(annotations))
                .withRates(RateAnnotations.read(annotations))
                .withObserved(ObservedAnnotations.read(annotations))
                .withRelay(relay(annotations));
        Policy named =
                VersionHeader.read(annotations).map(plain::withVersionHeader).orElse(plain);
        return AffinityAnnotations.read(annotations).map(named::withAffinity).orElse(named);
    }

    private static Relay relay(Annotations annotations) {
        return Relay.NONE
                .withBodies(BodyAnnotations.read(annotations))
                .withRetries(RetryAnnotations.read(annotations))
                .withErrors(ErrorAnnotations.read(annotations))
                .withCors(CorsAnnotations.read(annotations))
                .withAnswers(AnswerAnnotations.read(annotations))
                .withMirrors(MirrorAnnotations.read(annotations))
                .withPace(PaceAnnotations.read(annotations))
                .withPersistence(UpstreamAnnotations.persistence(annotations));
    }
}
