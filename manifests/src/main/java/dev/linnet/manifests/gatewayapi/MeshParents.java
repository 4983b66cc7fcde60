package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
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

    List<Parent> parents(HttpRoute route) {
        List<Parent> parents = new ArrayList<>();
        for (ParentRef ref : route.parents()) {
            ref.service()
                    .filter(view::isInMesh)
                    .ifPresent(service ->
                            parents.add(parent(ref, GatewayApi.inside(route.object(), service.namespace(), view))));
        }
        return parents;
    }

    private Parent parent(ParentRef ref, HttpRoute route) {
        List<Objection> unaccepted =
                new ArrayList<>(objection(ref, route).stream().toList());
        unaccepted.addAll(route.unaccepted());
        objections.addAll(unaccepted);
        objections.addAll(route.unresolved());
        return Parent.of(ref, route, unaccepted, "Gateways inside the cluster obey it");
    }

    private Optional<Objection> objection(ParentRef ref, HttpRoute route) {
        ServiceName service = ref.service().orElseThrow();
        Optional<ServiceReading> found = view.service(service);
        boolean hasPort = found.filter(reading -> reading.ports().stream().anyMatch(ref::means))
                .isPresent();
        return hasPort || !view.knowsServices()
                ? Optional.empty()
                : Optional.of(Objection.of(
                        route.object().ref(),
                        "NoMatchingParent",
                        Reason.BAD_SPEC,
                        ref.where(),
                        "names no port of Service " + service + " by its sectionName and port"));
    }

    /** What stands against routes that were asked for. */
    List<Objection> objections() {
        return List.copyOf(objections);
    }
}
