package dev.linnet.manifests.istio;

import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.manifests.ingress.Finding;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.ingress.ObjectReport;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How far Istio's objects are obeyed: what the translator found wrong with each. */
public final class IstioCheck {
    private static final Set<String> OBEYED = Set.of("VirtualService", "DestinationRule", "Gateway", "ServiceEntry");

    private IstioCheck() {}

    /**
     * One report for each object, in the order in which they are given.
     *
     * @param routed the Services that have routes of Gateway API inside the cluster, and one of each
     * @param pods   that there are, as far as that is known
     */
    public static List<ObjectReport> objects(
            Collection<IstioObject> objects, Map<ServiceName, ObjectRef> routed, Collection<Workload> pods) {
        IstioObjects all = new IstioObjects(objects);
        RuleOrder order = new RuleOrder();
        Set<Problem> problems = new LinkedHashSet<>(all.edge(order).problems());
        problems.addAll(all.mesh(all.hostsInside(), order).problems());
        problems.addAll(order.problems());
        all.virtualServices()
                .forEach(service -> problems.addAll(Traps.emptySubsets(service, all.destinationRules(), pods)));
        all.virtualServices().stream()
                .filter(service -> service.isFor(Names.MESH))
                .forEach(
                        service -> service.hosts().stream()
                                .flatMap(host -> Names.service(host, "").stream())
                                .flatMap(host -> Optional.ofNullable(routed.get(ServiceName.of(host))).stream())
                                .forEach(
                                        route -> problems.add(
                                                new Problem(
                                                        service.object().ref(),
                                                        Reason.ROUTE_TAKEN,
                                                        "spec.hosts",
                                                        "names a Service that " + route
                                                                + " routes inside the cluster: there the VirtualService is not asked for its ports (expected: one of both)"))));
        Map<ObjectRef, List<Problem>> byObject = problems.stream().collect(Collectors.groupingBy(Problem::object));
        return objects.stream()
                .map(object -> report(all, object, byObject.getOrDefault(object.ref(), List.of())))
                .toList();
    }

    private static ObjectReport report(IstioObjects all, IstioObject object, List<Problem> problems) {
        if (!OBEYED.contains(object.ref().kind())) {
            return new ObjectReport(
                    object.ref(),
                    true,
                    "it is one of Istio's objects",
                    List.of(new Finding("spec", Standing.NOT_OBEYED, "is of a kind that is not obeyed yet")));
        }
        boolean ours = all.gateway(object.ref().namespace() + "/" + object.ref().name())
                .filter(gateway -> gateway.object().equals(object))
                .map(IstioGateway::ours)
                .orElse(true);
        if (!ours) {
            return new ObjectReport(
                    object.ref(),
                    false,
                    "its selector means another gateway (expected: istio: ingressgateway, or the labels of linnet-gateway)",
                    List.of());
        }
        List<Finding> findings = new ArrayList<>(problems.stream()
                .map(problem -> new Finding(problem.path(), Standing.NOT_OBEYED, problem.message()))
                .toList());
        if (object.ref().kind().equals("VirtualService")) {
            findings.addAll(Traps.prefixes(object.spec()));
        }
        return new ObjectReport(
                object.ref(),
                true,
                "it is one of Istio's objects",
                findings.isEmpty() ? List.of(new Finding("spec", Standing.OBEYED, "")) : findings);
    }
}
