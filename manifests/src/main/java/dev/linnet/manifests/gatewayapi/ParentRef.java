package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.routing.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a route wants to be attached to (spec §6.4, §6.9).
 *
 * @param written as in the route, for its status
 * @param gateway empty if it is something else than a Gateway
 * @param service empty if it is something else than a Service
 */
record ParentRef(
        String where,
        JsonNode written,
        Optional<ObjectRef> gateway,
        Optional<ServiceName> service,
        Optional<String> sectionName,
        OptionalInt port) {

    static List<ParentRef> all(GatewayApiObject route) {
        List<ParentRef> all = new ArrayList<>();
        for (JsonNode written : route.spec().path("parentRefs")) {
            all.add(of(
                    "spec.parentRefs[" + all.size() + "]", written, route.ref().namespace()));
        }
        return all;
    }

    private static ParentRef of(String where, JsonNode written, String namespace) {
        String group = written.path("group").asText(GatewayApiObject.GROUP);
        String kind = written.path("kind").asText("Gateway");
        String in = written.path("namespace").asText(namespace);
        String name = written.path("name").asText();
        boolean isGateway = group.equals(GatewayApiObject.GROUP) && kind.equals("Gateway");
        boolean isService = group.isEmpty() && kind.equals("Service");
        return new ParentRef(
                where,
                written,
                isGateway ? Optional.of(new ObjectRef(GatewayApiObject.GATEWAY, in, name)) : Optional.empty(),
                isService ? Optional.of(new ServiceName(in, name)) : Optional.empty(),
                Optional.of(written.path("sectionName").asText("")).filter(section -> !section.isEmpty()),
                written.has("port") ? OptionalInt.of(written.path("port").asInt()) : OptionalInt.empty());
    }

    boolean means(Listener listener) {
        return means(listener.name(), listener.port());
    }

    boolean means(ServiceReading.Port offered) {
        return means(offered.name(), offered.number());
    }

    private boolean means(String name, int number) {
        return sectionName.filter(wanted -> !wanted.equals(name)).isEmpty()
                && (port.isEmpty() || port.getAsInt() == number);
    }
}
