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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What routes say of one port of a Service inside the cluster (spec §6.9). Hostnames of routes count for nothing there: who calls the
 * Service has found it. Routes of a caller's own namespace (consumer routes) leave nothing to those of the Service's (producer routes).
 */
final class MeshRoutes {
    private final Collection<GatewayApiObject> routes;
    private final ClusterView view;
    private final Map<String, List<HttpRoute>> accepted = new HashMap<>();

    /** @param routes oldest first */
    MeshRoutes(Collection<GatewayApiObject> routes, ClusterView view) {
        this.routes = List.copyOf(routes);
        this.view = view;
    }

    /** None if no route is for it. With routes, who meets none of their rules is answered 404. */
    List<Rule> rules(ServicePort port) {
        Map<String, List<HttpRoute>> byNamespace = accepted.computeIfAbsent(port.namespace(), this::accepted).stream()
                .filter(route -> isFor(route, port))
                .collect(Collectors.groupingBy(
                        route -> route.object().ref().namespace(), TreeMap::new, Collectors.toList()));
        Optional<List<HttpRoute>> ofProducer = Optional.ofNullable(byNamespace.remove(port.namespace()));
        List<Rule> all = new ArrayList<>();
        byNamespace.forEach((namespace, ofConsumer) ->
                all.addAll(rules(port, ofConsumer, List.of(new Part.From(new Source(Set.of(namespace), Map.of()))))));
        ofProducer.ifPresent(routes -> all.addAll(rules(port, routes, List.of())));
        return all;
    }

    /** Those for Services of a namespace, as its gateways read them. */
    private List<HttpRoute> accepted(String namespace) {
        return routes.stream()
                .filter(route -> ParentRef.all(route).stream()
                        .flatMap(ref -> ref.service().stream())
                        .anyMatch(service -> service.namespace().equals(namespace)))
                .map(route -> GatewayApi.inside(route, namespace, view))
                .filter(route -> route.unaccepted().isEmpty())
                .toList();
    }

    private boolean isFor(HttpRoute route, ServicePort port) {
        ServiceName service = new ServiceName(port.namespace(), port.name());
        return route.parents().stream()
                .anyMatch(ref -> ref.service().equals(Optional.of(service)) && means(ref, service, port));
    }

    private boolean means(ParentRef ref, ServiceName service, ServicePort port) {
        return view.service(service)
                .map(reading -> reading.ports().stream()
                        .anyMatch(offered -> offered.number() == port.number() && ref.means(offered)))
                .orElseGet(() -> !view.knowsServices() && ref.port().orElse(port.number()) == port.number());
    }

    private static List<Rule> rules(ServicePort port, List<HttpRoute> routes, List<Part> conditions) {
        RouteRules rules = new RouteRules(port.ruleHost(), conditions, OptionalInt.empty());
        routes.forEach(route -> rules.add(Hostname.ANY, route));
        List<Rule> all = new ArrayList<>(rules.inOrder());
        all.add(new Rule(
                port.ruleHost(),
                new PathMatch.Ordered("/", new RequestMatch(conditions)),
                ServiceRef.NOBODY,
                List.of(),
                routes.getFirst().object().ref(),
                Rule.Limits.DEFAULT,
                Policy.NONE.withFixed(RouteRules.NOTHING)));
        return all;
    }
}
