package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.ServiceRef;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds the Services that a route leads to (spec §6.5.5, §6.7). */
final class BackendReader {
    private final GatewayApiObject route;
    private final Grants grants;
    private final ClusterView view;
    private final Standpoint from;
    private final Consumer<Objection> unresolved;

    BackendReader(
            GatewayApiObject route, Grants grants, ClusterView view, Standpoint from, Consumer<Objection> unresolved) {
        this.route = route;
        this.from = from;
        this.grants = grants;
        this.view = view;
        this.unresolved = unresolved;
    }

    /** The Service port; empty if it is none, or may not be asked. */
    Optional<ServiceRef> service(JsonNode ref, String where) {
        String group = ref.path("group").asText("");
        String kind = ref.path("kind").asText("Service");
        if (!group.isEmpty() || !kind.equals("Service")) {
            object(
                    "InvalidKind",
                    Reason.NOT_OBEYED,
                    where,
                    "is a " + kind + (group.isEmpty() ? "" : " of " + group) + " (expected: a Service)");
            return Optional.empty();
        }
        String port = ref.path("port").asText("");
        ServiceRef service = new ServiceRef(
                ref.path("namespace").asText(route.ref().namespace()),
                ref.path("name").asText(),
                port);
        ServiceName name = ServiceName.of(service);
        if (!from.knows(service.namespace())) {
            object(
                    "RefNotPermitted",
                    Reason.NOT_OBEYED,
                    where,
                    "names Service " + name + " of another namespace, which gateways inside the cluster do not know");
            return Optional.empty();
        }
        if (!from.isInside() && !grants.allow(route, new ObjectRef("Service", service.namespace(), service.name()))) {
            object(
                    "RefNotPermitted",
                    Reason.BAD_SPEC,
                    where,
                    "names Service " + name + ", which no ReferenceGrant of namespace " + name.namespace()
                            + " permits");
            return Optional.empty();
        }
        Optional<ServiceReading> found = view.service(name);
        boolean hasPort = found.filter(reading -> reading.ports().stream()
                        .anyMatch(offered -> String.valueOf(offered.number()).equals(port)))
                .isPresent();
        if (!hasPort && view.knowsServices()) {
            object(
                    "BackendNotFound",
                    Reason.BAD_SERVICE,
                    where,
                    found.isEmpty()
                            ? "names Service " + name + ", which does not exist"
                            : "names port \"" + port + "\" of Service " + name + ", which has "
                                    + (found.get().ports().isEmpty()
                                            ? "none"
                                            : found.get().ports()));
            return Optional.empty();
        }
        return Optional.of(service);
    }

    private void object(String reason, Reason kind, String where, String message) {
        unresolved.accept(Objection.of(route.ref(), reason, kind, where, message));
    }
}
