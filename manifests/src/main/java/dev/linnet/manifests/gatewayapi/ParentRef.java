package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.routing.ObjectRef;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a route wants to be attached to (spec §6.4).
 *
 * @param written as in the route, for its status
 * @param gateway empty if it is something else than a Gateway
 */
record ParentRef(
        String where, JsonNode written, Optional<ObjectRef> gateway, Optional<String> sectionName, OptionalInt port) {

    static ParentRef of(String where, JsonNode written, String namespace) {
        boolean isGateway = written.path("group").asText(GatewayApiObject.GROUP).equals(GatewayApiObject.GROUP)
                && written.path("kind").asText("Gateway").equals("Gateway");
        ObjectRef gateway = new ObjectRef(
                GatewayApiObject.GATEWAY,
                written.path("namespace").asText(namespace),
                written.path("name").asText());
        return new ParentRef(
                where,
                written,
                isGateway ? Optional.of(gateway) : Optional.empty(),
                Optional.of(written.path("sectionName").asText("")).filter(name -> !name.isEmpty()),
                written.has("port") ? OptionalInt.of(written.path("port").asInt()) : OptionalInt.empty());
    }

    boolean means(Listener listener) {
        return sectionName.filter(name -> !name.equals(listener.name())).isEmpty()
                && (port.isEmpty() || port.getAsInt() == listener.port());
    }
}
