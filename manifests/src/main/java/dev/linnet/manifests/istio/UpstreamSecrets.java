package dev.linnet.manifests.istio;

import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.Upstream.Roots;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Secrets that whoever obeys a DestinationRule has to read. */
public final class UpstreamSecrets {
    private static final String AUTHORITIES = "ca.crt";
    private static final String CHAIN = "tls.crt";
    private static final String KEY = "tls.key";
    private static final Map<String, String> OTHER_NAMES = Map.of(AUTHORITIES, "cacert", CHAIN, "cert", KEY, "key");

    private UpstreamSecrets() {}

    /** Their names: they are in the namespace of the rule. */
    public static Set<String> of(IstioObject destinationRule) {
        return trusts(destinationRule)
                .flatMap(trust -> trust.secret().stream())
                .map(SecretRef::name)
                .collect(Collectors.toSet());
    }

    /**
     * What a rule wants of one of these Secrets and is not there, in the usual words, sorted.
     *
     * @param keys of the Secret that hold something; Istio's other names of them will do
     */
    public static List<String> lacking(IstioObject destinationRule, String secret, Set<String> keys) {
        return trusts(destinationRule)
                .filter(trust -> trust.secret().map(SecretRef::name).equals(Optional.of(secret)))
                .flatMap(trust -> wanted(trust, keys))
                .filter(key -> !isThere(key, keys))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> wanted(Trust trust, Set<String> keys) {
        boolean ours = trust.roots() == Roots.OF_SECRET_AND_US || isThere(CHAIN, keys) || isThere(KEY, keys);
        boolean theirs = trust.verify() && trust.roots() != Roots.USUAL;
        return Stream.concat(ours ? Stream.of(CHAIN, KEY) : Stream.of(), theirs ? Stream.of(AUTHORITIES) : Stream.of());
    }

    private static boolean isThere(String key, Set<String> keys) {
        return keys.contains(key) || keys.contains(OTHER_NAMES.get(key));
    }

    private static Stream<Trust> trusts(IstioObject destinationRule) {
        DestinationRule rule = DestinationRule.read(destinationRule);
        return Stream.concat(
                        Stream.of(rule.policy()),
                        rule.subsets().values().stream().map(DestinationRule.Part::policy))
                .flatMap(policy -> Stream.concat(Stream.of(policy), policy.ports().values().stream()))
                .flatMap(policy -> policy.tls().stream())
                .flatMap(tls -> tls.security().stream())
                .flatMap(security -> security.upstream().trust().stream());
    }
}
