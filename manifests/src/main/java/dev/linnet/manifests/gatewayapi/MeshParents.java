package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.gatewayapi.Attachments.Parent;
import dev.linnet.routing.Problem.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of routes whose parents are Services (spec §6.9), as far as gateways stand before these. */
final class MeshParents {
    private final ClusterView view;
    private final List<Objection> objections = new ArrayList<>();

    MeshParents(ClusterView view) {
        this.view = view;
    }

    /** @param route as it is read inside the cluster */
    List<Parent> parents(HttpRoute route) {
        List<Parent> parents = new ArrayList<>();
        for (ParentRef ref : route.parents()) {
            if (ref.service().filter(view::isInMesh).isPresent()) {
                parents.add(parent(ref, route));
            }
        }
        return parents;
    }

    private Parent parent(ParentRef ref, HttpRoute route) {
        List<Objection> unaccepted =
                new ArrayList<>(objection(ref, route).stream().toList());
        unaccepted.addAll(route.unaccepted());
        objections.addAll(unaccepted);
        objections.addAll(route.unresolved());
        return new Parent(
                ref,
                List.of(
                        Objection.condition(Condition.ACCEPTED, unaccepted, "Gateways inside the cluster obey it"),
                        Objection.condition(
                                Condition.RESOLVED_REFS, route.unresolved(), "All that it refers to is there")));
    }

    private Optional<Objection> objection(ParentRef ref, HttpRoute route) {
        ServiceName service = ref.service().orElseThrow();
        if (!service.namespace().equals(route.object().ref().namespace())) {
            return Optional.of(refused(
                    route,
                    "UnsupportedValue",
                    Reason.NOT_OBEYED,
                    ref,
                    "is a Service of another namespace, whose gateways do not know callers of this one (expected: a route in namespace "
                            + service.namespace() + ")"));
        }
        Optional<ServiceReading> found = view.service(service);
        boolean hasPort = found.filter(
                        reading -> reading.ports().stream().anyMatch(ref::means))
                .isPresent();
        return hasPort || !view.knowsServices()
                ? Optional.empty()
                : Optional.of(refused(
                        route,
                        "NoMatchingParent",
                        Reason.BAD_SPEC,
                        ref,
                        "names no port of Service " + service + " by its sectionName and port"));
    }

    private static Objection refused(HttpRoute route, String reason, Reason kind, ParentRef ref, String message) {
        return Objection.of(route.object().ref(), reason, kind, ref.where(), message);
    }

    /** What stands against routes that were asked for. */
    List<Objection> objections() {
        return List.copyOf(objections);
    }
}
