package dev.linnet.manifests.istio;

import dev.linnet.manifests.ingress.Finding;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.ingress.ObjectReport;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How far Istio's objects are obeyed: what the translator found wrong with each. */
public final class IstioCheck {
    private static final Set<String> OBEYED = Set.of("VirtualService", "DestinationRule", "Gateway");

    private IstioCheck() {}

    /** One report for each object, in the order in which they are given. */
    public static List<ObjectReport> objects(Collection<IstioObject> objects) {
        IstioObjects all = new IstioObjects(objects);
        Set<Problem> problems = new LinkedHashSet<>(all.edge().problems());
        problems.addAll(all.mesh(all.hostsInside()).problems());
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
        List<Finding> findings = problems.isEmpty()
                ? List.of(new Finding("spec", Standing.OBEYED, ""))
                : problems.stream()
                        .map(problem -> new Finding(problem.path(), Standing.NOT_OBEYED, problem.message()))
                        .toList();
        return new ObjectReport(object.ref(), true, "it is one of Istio's objects", findings);
    }
}
