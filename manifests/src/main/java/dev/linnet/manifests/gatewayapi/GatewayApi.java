package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.Door;
import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.endpoints.ServiceReading;
import dev.linnet.manifests.gatewayapi.ObjectStatus.Address;
import dev.linnet.manifests.istio.ServicePort;
import dev.linnet.manifests.mesh.Twin;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule;
import dev.linnet.routing.SecretRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All objects of Gateway API at one moment, as rules of hosts and as what their statuses should say. Immutable. */
public final class GatewayApi {
    /** In {@code spec.controllerName} of the GatewayClasses that are ours. */
    public static final String CONTROLLER = "linnet.dev/gateway";

    private final List<GatewayApiObject> objects;

    public GatewayApi(Collection<GatewayApiObject> objects) {
        this.objects = objects.stream().sorted(GatewayApiObject.OLDEST_FIRST).toList();
    }

    /** Files seldom hold the GatewayClass: without any, the usual name is ours. */
    public static GatewayApi ofFiles(Collection<GatewayApiObject> objects) {
        List<GatewayApiObject> all = new ArrayList<>(objects);
        if (objects.stream().noneMatch(object -> object.is(GatewayApiObject.GATEWAY_CLASS))) {
            all.add(GatewayApiObject.usualClass());
        }
        return new GatewayApi(all);
    }

    /**
     * What is served from outside.
     *
     * @param rules    of each host, in the order in which they are asked
     * @param tls      how hosts of listeners are served over TLS
     * @param doors    at which ports beside the usual ones
     * @param statuses of all objects that are ours
     * @param problems that their authors should hear of
     * @param asked    what else it depends on
     */
    public record Compiled(
            Map<String, List<Rule>> rules,
            Map<String, HostTls> tls,
            Set<Door> doors,
            Map<ObjectRef, ObjectStatus> statuses,
            List<Problem> problems,
            Asked asked) {
        public static final Compiled NOTHING =
                new Compiled(Map.of(), Map.of(), Set.of(), Map.of(), List.of(), new Asked(Set.of(), Set.of()));
    }

    /** What of a {@link ClusterView} has been asked for: another answer means that all must be compiled again. */
    public record Asked(Set<ServiceName> services, Set<SecretRef> secrets) {}

    public Compiled edge(ClusterView view) {
        Remembering around = new Remembering(view);
        Grants grants = new Grants(objects);
        Map<String, GatewayApiObject> classes = of(GatewayApiObject.GATEWAY_CLASS)
                .filter(object -> object.spec().path("controllerName").asText().equals(CONTROLLER))
                .collect(Collectors.toMap(object -> object.ref().name(), object -> object));
        GatewayReader reader = new GatewayReader(grants, around);
        List<EdgeGateway> gateways = of(GatewayApiObject.GATEWAY)
                .filter(object -> classes.containsKey(
                        object.spec().path("gatewayClassName").asText()))
                .map(reader::read)
                .toList();
        List<HttpRoute> routes = of(GatewayApiObject.HTTP_ROUTE)
                .map(route -> RouteReader.read(route, grants, around, Standpoint.OUTSIDE))
                .toList();
        MeshParents mesh = new MeshParents(around);
        Attachments attachments = new Attachments(gateways, routes);
        Map<ObjectRef, ObjectStatus> statuses = new LinkedHashMap<>();
        classes.values().forEach(object -> statuses.put(object.ref(), status(object)));
        gateways.forEach(gateway -> statuses.put(gateway.object().ref(), status(gateway, attachments)));
        routes.forEach(route -> {
            List<Parent> parents = new ArrayList<>(
                    attachments.parents().getOrDefault(route.object().ref(), List.of()));
            parents.addAll(mesh.parents(route));
            statuses.put(
                    route.object().ref(), new ObjectStatus(route.object().generation(), new Wanted.OfRoute(parents)));
        });
        return new Compiled(
                new VirtualHosts(gateways, attachments.attached()).rules(),
                tls(gateways),
                gateways.stream()
                        .flatMap(gateway -> gateway.served().stream())
                        .map(Listener::door)
                        .filter(Door::isFree)
                        .collect(Collectors.toSet()),
                statuses,
                problems(classes.values(), gateways, routes, attachments, mesh),
                around.asked());
    }

    /**
     * What is served inside the cluster, at these ports of Services, by gateways of their namespace (spec §6.9). Statuses and problems are
     * those of {@link #edge}.
     */
    public Compiled mesh(Collection<ServicePort> ports, ClusterView view) {
        Remembering around = new Remembering(view);
        MeshRoutes mesh = new MeshRoutes(of(GatewayApiObject.HTTP_ROUTE).toList(), around);
        Map<String, List<Rule>> rules = new LinkedHashMap<>();
        ports.forEach(port -> rules.put(port.ruleHost(), mesh.rules(port)));
        rules.values().removeIf(List::isEmpty);
        return new Compiled(rules, Map.of(), Set.of(), Map.of(), List.of(), around.asked());
    }

    /** The Services that have routes inside the cluster, and the oldest of each. */
    public Map<ServiceName, ObjectRef> routed(ClusterView view) {
        Map<ServiceName, ObjectRef> routed = new LinkedHashMap<>();
        of(GatewayApiObject.HTTP_ROUTE)
                .forEach(route -> ParentRef.all(route).stream()
                        .flatMap(ref -> ref.service().stream())
                        .filter(service ->
                                service.namespace().equals(route.ref().namespace()) && view.isInMesh(service))
                        .filter(service -> inside(route, service.namespace(), view)
                                .unaccepted()
                                .isEmpty())
                        .forEach(service -> routed.putIfAbsent(service, route.ref())));
        return routed;
    }

    /** As the gateways of a namespace read it: grants of other namespaces are not known there. */
    static HttpRoute inside(GatewayApiObject route, String namespace, ClusterView view) {
        return RouteReader.read(route, new Grants(List.of()), view, Standpoint.inside(namespace));
    }

    private Stream<GatewayApiObject> of(String kind) {
        return objects.stream().filter(object -> object.is(kind));
    }

    private static List<Objection> objections(GatewayApiObject gatewayClass) {
        return gatewayClass.spec().has("parametersRef")
                ? List.of(Objection.of(
                        gatewayClass.ref(),
                        "InvalidParameters",
                        Reason.BAD_SPEC,
                        "spec.parametersRef",
                        "names parameters, of which Linnet has none"))
                : List.of();
    }

    private static ObjectStatus status(GatewayApiObject gatewayClass) {
        return new ObjectStatus(
                gatewayClass.generation(),
                new Wanted.OfClass(List.of(Objection.condition(
                        Condition.ACCEPTED, objections(gatewayClass), "Linnet serves its Gateways"))));
    }

    private static ObjectStatus status(EdgeGateway gateway, Attachments attachments) {
        return new ObjectStatus(
                gateway.object().generation(),
                new Wanted.OfGateway(
                        gateway.conditions(),
                        gateway.listeners().stream()
                                .map(listener -> listener.status(
                                        attachments.count(gateway, listener), gateway.overlapping(listener)))
                                .toList(),
                        gateway.object()
                                .spec()
                                .path("addresses")
                                .valueStream()
                                .filter(address ->
                                        !address.path("value").asText("").isEmpty())
                                .map(address -> new Address(
                                        address.path("type").asText("IPAddress"),
                                        address.path("value").asText()))
                                .toList()));
    }

    /** The certificate of a host is that of the oldest Gateway. */
    private static Map<String, HostTls> tls(List<EdgeGateway> gateways) {
        Map<String, HostTls> tls = new LinkedHashMap<>();
        for (EdgeGateway gateway : gateways) {
            for (Listener listener : gateway.served()) {
                if (listener.secure()) {
                    String host = listener.hostname().text();
                    tls.putIfAbsent(
                            host,
                            new HostTls(
                                    host,
                                    Optional.of(HostTls.Certificates.whateverTheirNames(
                                            listener.certificates(),
                                            gateway.object().ref(),
                                            listener.where() + ".tls.certificateRefs")),
                                    Optional.empty()));
                }
            }
        }
        return tls;
    }

    private static List<Problem> problems(
            Collection<GatewayApiObject> classes,
            Collection<EdgeGateway> gateways,
            Collection<HttpRoute> routes,
            Attachments attachments,
            MeshParents mesh) {
        List<Objection> all = new ArrayList<>();
        classes.forEach(object -> all.addAll(objections(object)));
        for (EdgeGateway gateway : gateways) {
            all.addAll(gateway.unaccepted());
            gateway.listeners().forEach(listener -> listener.objections().forEach(all::add));
        }
        all.addAll(attachments.objections());
        all.addAll(mesh.objections());
        List<Problem> problems =
                new ArrayList<>(all.stream().map(Objection::problem).toList());
        routes.forEach(
                route -> JointRelease.of(route.object().ref(), route.object().release(), problems::add));
        return problems.stream().distinct().toList();
    }

    /** Remembers what was asked for. */
    private static final class Remembering implements ClusterView {
        private final ClusterView view;
        private final Set<ServiceName> services = new LinkedHashSet<>();
        private final Set<SecretRef> secrets = new LinkedHashSet<>();

        Remembering(ClusterView view) {
            this.view = view;
        }

        @Override
        public Optional<ServiceReading> service(ServiceName name) {
            services.add(name);
            return view.service(name);
        }

        @Override
        public boolean isInMesh(ServiceName name) {
            services.add(name);
            services.add(new ServiceName(name.namespace(), Twin.name(name.name())));
            return view.isInMesh(name);
        }

        @Override
        public boolean knowsServices() {
            return view.knowsServices();
        }

        @Override
        public Map<String, String> labels(String namespace) {
            return view.labels(namespace);
        }

        @Override
        public Optional<String> objection(SecretRef certificate) {
            secrets.add(certificate);
            return view.objection(certificate);
        }

        Asked asked() {
            return new Asked(Set.copyOf(services), Set.copyOf(secrets));
        }
    }
}
