package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.routing.ObjectRef;
import java.util.Collection;
import java.util.List;

/** What objects may refer to in other namespaces than their own (spec §6.7). */
final class Grants {
    private final List<GatewayApiObject> grants;

    Grants(Collection<GatewayApiObject> objects) {
        this.grants = objects.stream()
                .filter(object -> object.is(GatewayApiObject.REFERENCE_GRANT))
                .toList();
    }

    /**
     * Whether an object may refer to one of the core group.
     *
     * @param from of kind {@code Gateway} or {@code HTTPRoute}
     * @param to   a Service or Secret
     */
    boolean allow(GatewayApiObject from, ObjectRef to) {
        String kind = from.is(GatewayApiObject.GATEWAY) ? "Gateway" : from.ref().kind();
        return from.ref().namespace().equals(to.namespace())
                || grants.stream()
                        .filter(grant -> grant.ref().namespace().equals(to.namespace()))
                        .map(GatewayApiObject::spec)
                        .anyMatch(grant -> grant.path("from")
                                        .valueStream()
                                        .anyMatch(entry ->
                                                isFrom(entry, kind, from.ref().namespace()))
                                && grant.path("to").valueStream().anyMatch(entry -> isTo(entry, to)));
    }

    private static boolean isFrom(JsonNode entry, String kind, String namespace) {
        return entry.path("group").asText().equals(GatewayApiObject.GROUP)
                && entry.path("kind").asText().equals(kind)
                && entry.path("namespace").asText().equals(namespace);
    }

    private static boolean isTo(JsonNode entry, ObjectRef to) {
        String name = entry.path("name").asText("");
        return entry.path("group").asText().isEmpty()
                && entry.path("kind").asText().equals(to.kind())
                && (name.isEmpty() || name.equals(to.name()));
    }
}
