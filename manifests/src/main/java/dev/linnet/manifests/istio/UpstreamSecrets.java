package dev.linnet.manifests.istio;

import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Secrets that whoever obeys a DestinationRule has to read. */
public final class UpstreamSecrets {
    private UpstreamSecrets() {}

    /** Their names: they are in the namespace of the rule. */
    public static Set<String> of(IstioObject destinationRule) {
        DestinationRule rule = DestinationRule.read(destinationRule);
        return Stream.concat(
                        Stream.of(rule.policy()),
                        rule.subsets().values().stream().map(DestinationRule.Part::policy))
                .flatMap(policy -> Stream.concat(Stream.of(policy), policy.ports().values().stream()))
                .flatMap(policy -> policy.tls().stream())
                .flatMap(tls -> tls.security().stream())
                .flatMap(security -> security.upstream().trust().stream())
                .flatMap((Trust trust) -> trust.secret().stream())
                .map(SecretRef::name)
                .collect(Collectors.toSet());
    }
}
