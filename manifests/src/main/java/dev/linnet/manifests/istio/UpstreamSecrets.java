package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The Secrets that whoever obeys a DestinationRule has to read. */
public final class UpstreamSecrets {
    private UpstreamSecrets() {}

    /** Their names: they are in the namespace of the rule. */
    public static Set<String> of(IstioObject destinationRule) {
        UpstreamTlsReader reader = new UpstreamTlsReader(new Author(destinationRule.ref()));
        JsonNode spec = destinationRule.spec();
        Stream<JsonNode> subsets = each(spec.path("subsets")).map(subset -> subset.path("trafficPolicy"));
        return Stream.concat(Stream.of(spec.path("trafficPolicy")), subsets)
                .flatMap(policy -> Stream.concat(Stream.of(policy), each(policy.path("portLevelSettings"))))
                .map(policy -> policy.path("tls"))
                .filter(JsonNode::isObject)
                .flatMap(tls -> reader.read(tls, "tls").security().stream())
                .flatMap(security -> security.upstream().trust().stream())
                .flatMap((Trust trust) -> trust.secret().stream())
                .map(SecretRef::name)
                .collect(Collectors.toSet());
    }

    private static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
