package dev.linnet.manifests.istio;

import dev.linnet.manifests.Door;
import dev.linnet.manifests.endpoints.OutsideHost;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All of Istio's objects at one moment, as rules of hosts. Immutable. */
public final class IstioObjects {
    private final List<VirtualService> virtualServices;
    private final ByHost<VirtualService> inside;
    private final List<DestinationRule> rules;
    private final DestinationRules destinationRules;
    private final ServiceEntries serviceEntries;
    private final Map<String, IstioGateway> gateways = new LinkedHashMap<>();
    private final Map<Integer, Door> doors = new HashMap<>();

    /** For gateways of which no more is known than what Gateways always select them by. */
    public IstioObjects(Collection<IstioObject> objects) {
        this(objects, Map.of());
    }

    /** @param labels of our gateways' Pods: Gateways that select them are ours, too */
    public IstioObjects(Collection<IstioObject> objects, Map<String, String> labels) {
        Map<String, List<IstioObject>> byKind = objects.stream()
                .sorted(IstioObject.OLDEST_FIRST)
                .collect(Collectors.groupingBy(object -> object.ref().kind()));
        List<IstioObject> services = byKind.getOrDefault("VirtualService", List.of());
        Map<String, IstioObject> byName = new HashMap<>();
        services.forEach(service ->
                byName.put(service.ref().namespace() + "/" + service.ref().name(), service));
        this.virtualServices = services.stream()
                .map(service -> VirtualServiceReader.read(service, name -> Optional.ofNullable(byName.get(name))))
                .toList();
        this.inside = new ByHost<>(
                virtualServices.stream()
                        .filter(service -> service.isFor(Names.MESH))
                        .toList(),
                VirtualService::hosts);
        this.rules = byKind.getOrDefault("DestinationRule", List.of()).stream()
                .map(DestinationRule::read)
                .toList();
        this.destinationRules = new DestinationRules(rules);
        this.serviceEntries = new ServiceEntries(byKind.getOrDefault("ServiceEntry", List.of()).stream()
                .map(ServiceEntry::read)
                .toList());
        byKind.getOrDefault("Gateway", List.of()).stream()
                .map(gateway -> IstioGateway.read(gateway, labels))
                .forEach(gateway -> gateways.put(gateway.name(), gateway));
        gateways()
                .forEach(gateway -> gateway.servers()
                        .forEach(server -> doors.putIfAbsent(server.door().port(), server.door())));
    }

    List<VirtualService> virtualServices() {
        return virtualServices;
    }

    /** Those that are for callers inside the cluster, the oldest first. */
    ByHost<VirtualService> inside() {
        return inside;
    }

    DestinationRules destinationRules() {
        return destinationRules;
    }

    ServiceEntries serviceEntries() {
        return serviceEntries;
    }

    /** The hosts beside Services to which rules may lead, by the namespace of who names them. */
    public Map<ServiceName, OutsideHost> hosts() {
        return serviceEntries.hosts();
    }

    /** Those that are ours. */
    List<IstioGateway> gateways() {
        return gateways.values().stream().filter(IstioGateway::ours).toList();
    }

    Optional<IstioGateway> gateway(String name) {
        return Optional.ofNullable(gateways.get(name));
    }

    /**
     * Rules and problems.
     *
     * @param rules    of each host, in their order
     * @param problems of all objects
     */
    public record Compiled(Map<String, List<Rule>> rules, List<Problem> problems) {
        private Compiled with(List<Problem> more) {
            return new Compiled(
                    rules, Stream.concat(problems.stream(), more.stream()).toList());
        }
    }

    /** How hosts are secured that Gateways of ours serve over TLS; of two that have the same host the older. */
    public Map<String, HostTls> tls() {
        Map<String, HostTls> tls = new LinkedHashMap<>();
        gateways().forEach(gateway -> gateway.tls().forEach(host -> tls.putIfAbsent(host.host(), host)));
        return tls;
    }

    /**
     * What holds for all requests to Service ports, whichever rule leads there.
     *
     * @param mesh the namespace that asks from inside the cluster; empty for requests from outside
     */
    public TrafficPolicies policies(Optional<String> mesh) {
        return new TrafficPolicies(destinationRules, mesh.orElse(EdgeRules.GATEWAY.namespace()));
    }

    /** The ports at which Gateways of ours are served beside the usual ones; of two that want one for different protocols the older has it. */
    public Set<Door> doors() {
        return doors.values().stream().filter(Door::isFree).collect(Collectors.toSet());
    }

    /** Whether a port is served with this protocol, usual ports included. */
    boolean isServed(Door door) {
        return door.equals(doors.get(door.port()));
    }

    /** What is served from outside. */
    public Compiled edge() {
        RuleOrder order = new RuleOrder();
        Compiled edge = edge(order);
        return edge.with(dead(order));
    }

    /** Of the rules that are hidden those that nobody reaches elsewhere either. */
    private List<Problem> dead(RuleOrder order) {
        List<Problem> hidden = order.problems();
        if (hidden.isEmpty()) {
            return hidden;
        }
        Set<ObjectRef> whose = hidden.stream().map(Problem::object).collect(Collectors.toSet());
        List<VirtualService> concerned = virtualServices.stream()
                .filter(service -> whose.contains(service.object().ref()))
                .toList(); // no other ones: there may be thousands, and this is done after each change
        new EdgeRules(this, concerned, order).edge();
        mesh(hostsInside(concerned), order);
        return hidden.stream().filter(order.problems()::contains).toList();
    }

    /** The same without what is to be said of the order of rules, which others may know more of. */
    Compiled edge(RuleOrder order) {
        EdgeRules.Edge edge = new EdgeRules(this, virtualServices, order).edge();
        return new Compiled(edge.rules(), with(edge.problems()));
    }

    /** What is served inside, at these ports. */
    public Compiled mesh(Collection<ServicePort> ports) {
        RuleOrder order = new RuleOrder();
        Compiled mesh = mesh(ports, order);
        return mesh.with(dead(order));
    }

    /** The same without what is to be said of the order of rules, which others may know more of. */
    Compiled mesh(Collection<ServicePort> ports, RuleOrder order) {
        Map<String, List<Rule>> byHost = new LinkedHashMap<>();
        Set<Problem> problems = new LinkedHashSet<>();
        ports.stream().sorted(Comparator.comparing(ServicePort::ruleHost)).forEach(port -> {
            MeshRules.Mesh mesh = new MeshRules(this, port, order).mesh();
            byHost.put(port.ruleHost(), mesh.rules());
            problems.addAll(mesh.problems());
        });
        return new Compiled(byHost, List.copyOf(problems));
    }

    /** The ports of Services that rules for inside the cluster name, and one that they do not: 80 if it is none of these. */
    Set<ServicePort> hostsInside() {
        return hostsInside(virtualServices);
    }

    private static Set<ServicePort> hostsInside(List<VirtualService> services) {
        Set<ServicePort> ports = new LinkedHashSet<>();
        for (VirtualService service : services) {
            if (!service.isFor(Names.MESH)) {
                continue;
            }
            Set<Integer> numbers = service.ports();
            numbers.add(IntStream.iterate(80, port -> port + 1)
                    .filter(port -> !numbers.contains(port))
                    .findFirst()
                    .orElseThrow());
            service.hosts().stream()
                    .flatMap(host -> Names.service(host, "").stream())
                    .forEach(found -> numbers.forEach(
                            number -> ports.add(new ServicePort(found.namespace(), found.name(), number))));
        }
        return ports;
    }

    private List<Problem> with(List<Problem> more) {
        List<Problem> all = new ArrayList<>();
        virtualServices.forEach(service -> all.addAll(service.problems()));
        rules.forEach(rule -> all.addAll(rule.problems()));
        all.addAll(serviceEntries.problems());
        gateways.values().forEach(gateway -> all.addAll(gateway.problems()));
        all.addAll(more);
        return all.stream().distinct().toList();
    }
}
