package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.routing.RequestMatch;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.RequestMatch.Source;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What routes say of one port of a Service inside the cluster (spec §6.9). Hostnames of routes count for nothing there: who calls the
 * Service has found it. Routes of a caller's own namespace (consumer routes) leave nothing to those of the Service's (producer routes).
 */
final class MeshRoutes {
    private final Collection<GatewayApiObject> routes;
    private final ClusterView view;

    /** @param routes oldest first */
    MeshRoutes(Collection<GatewayApiObject> routes, ClusterView view) {
        this.routes = List.copyOf(routes);
        this.view = view;
    }

    /** None if no route is for it. With routes, who meets none of their rules is answered 404. */
    List<Rule> rules(ServicePort port) {
        List<Rule> all = new ArrayList<>();
        ServiceName service = new ServiceName(port.namespace(), port.name());
        List<GatewayApiObject> own =
                routes.stream().filter(route -> isFor(route, service, port)).toList();
        own.stream()
                .map(route -> route.ref().namespace())
                .filter(namespace -> !namespace.equals(port.namespace()))
                .distinct()
                .sorted()
                .forEach(namespace -> all.addAll(rules(
                        port, of(own, namespace), List.of(new Part.From(new Source(Set.of(namespace), Map.of()))))));
        all.addAll(rules(port, of(own, port.namespace()), List.of()));
        return all;
    }

    private static List<GatewayApiObject> of(Collection<GatewayApiObject> routes, String namespace) {
        return routes.stream()
                .filter(route -> route.ref().namespace().equals(namespace))
                .toList();
    }

    private List<Rule> rules(ServicePort port, Collection<GatewayApiObject> routes, List<Part> conditions) {
        ServiceName service = new ServiceName(port.namespace(), port.name());
        List<HttpRoute> accepted = routes.stream()
                .map(route -> GatewayApi.inside(route, service, view))
                .filter(route -> route.unaccepted().isEmpty())
                .toList();
        if (accepted.isEmpty()) {
            return List.of();
        }
        RouteRules rules = new RouteRules(port.ruleHost(), conditions);
        accepted.forEach(route -> rules.add(Hostname.ANY, route));
        List<Rule> all = new ArrayList<>(rules.inOrder());
        all.add(new Rule(
                port.ruleHost(),
                new PathMatch.Ordered("/", new RequestMatch(conditions)),
                ServiceRef.NOBODY,
                List.of(),
                accepted.getFirst().object().ref(),
                Rule.Limits.DEFAULT,
                Policy.NONE.withFixed(RouteRules.NOTHING)));
        return all;
    }

    private boolean isFor(GatewayApiObject route, ServiceName service, ServicePort port) {
        return ParentRef.all(route).stream()
                .anyMatch(ref -> ref.service().equals(Optional.of(service)) && means(ref, service, port));
    }

    private boolean means(ParentRef ref, ServiceName service, ServicePort port) {
        return view.service(service)
                .map(reading -> reading.ports().stream()
                        .anyMatch(offered -> offered.number() == port.number() && ref.means(offered)))
                .orElseGet(() -> !view.knowsServices() && ref.port().orElse(port.number()) == port.number());
    }
}
