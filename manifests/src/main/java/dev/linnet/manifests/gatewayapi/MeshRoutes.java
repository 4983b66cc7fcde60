package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.RequestMatch;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What routes say of one port of a Service inside the cluster (spec §6.9). Hostnames of routes count for nothing there: who calls the
 * Service has found it.
 */
final class MeshRoutes {
    private final Collection<HttpRoute> routes;
    private final ClusterView view;

    /** @param routes as they are read inside the cluster, oldest first */
    MeshRoutes(Collection<HttpRoute> routes, ClusterView view) {
        this.routes = routes;
        this.view = view;
    }

    /** None if no route is for it. With routes, who meets none of their rules is answered 404. */
    List<Rule> rules(ServicePort port) {
        List<HttpRoute> own =
                routes.stream().filter(route -> isFor(route, port)).toList();
        if (own.isEmpty()) {
            return List.of();
        }
        RouteRules rules = new RouteRules(port.ruleHost(), List.of());
        own.forEach(route -> rules.add(Hostname.ANY, route));
        List<Rule> all = new ArrayList<>(rules.inOrder());
        all.add(nothing(port, own.getFirst().object().ref()));
        return all;
    }

    private boolean isFor(HttpRoute route, ServicePort port) {
        ServiceName service = new ServiceName(port.namespace(), port.name());
        return route.unaccepted().isEmpty()
                && route.object().ref().namespace().equals(port.namespace())
                && route.parents().stream()
                        .anyMatch(ref -> ref.service().equals(Optional.of(service)) && means(ref, service, port));
    }

    private boolean means(ParentRef ref, ServiceName service, ServicePort port) {
        return view.service(service)
                .map(reading -> reading.ports().stream()
                        .anyMatch(offered -> offered.number() == port.number() && ref.means(offered)))
                .orElseGet(() -> !view.knowsServices() && ref.port().orElse(port.number()) == port.number());
    }

    private static Rule nothing(ServicePort port, ObjectRef source) {
        return new Rule(
                port.ruleHost(),
                new PathMatch.Ordered("/", RequestMatch.ANY),
                ServiceRef.NOBODY,
                List.of(),
                source,
                Rule.Limits.DEFAULT,
                Policy.NONE.withFixed(RouteRules.NOTHING));
    }
}
