package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A rule with whole names of hosts and gateways in the place of short ones, which mean something in the namespace of the object that says
 * them (spec §1.5): of rules that are put together from two objects nobody could tell any more whose they were.
 */
final class WholeNames {
    private final String namespace;

    private WholeNames(String namespace) {
        this.namespace = namespace;
    }

    static ObjectNode of(ObjectNode rule, String namespace) {
        return new WholeNames(namespace).complete(rule.deepCopy());
    }

    private ObjectNode complete(ObjectNode rule) {
        rule.path("match").forEach(this::gateways);
        rule.path("route").forEach(route -> host(route.path("destination")));
        host(rule.path("mirror"));
        rule.path("mirrors").forEach(copies -> host(copies.path("destination")));
        return rule;
    }

    private void gateways(JsonNode match) {
        if (match instanceof ObjectNode object && match.has("gateways")) {
            List<String> written = Author.texts(match.path("gateways"));
            ArrayNode whole = object.putArray("gateways");
            written.forEach(name -> whole.add(Names.gateway(name, namespace)));
        }
    }

    private void host(JsonNode destination) {
        if (destination instanceof ObjectNode object && destination.has("host")) {
            object.put("host", Names.host(destination.path("host").asText(), namespace));
        }
    }
}
