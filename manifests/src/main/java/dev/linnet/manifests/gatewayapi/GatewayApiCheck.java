package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.ingress.Finding;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.ingress.ObjectReport;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How far objects of Gateway API are obeyed. */
public final class GatewayApiCheck {
    private static final String OURS = "it is one of Gateway API's objects";
    private static final Set<String> OBEYED = Set.of(
            GatewayApiObject.GATEWAY_CLASS,
            GatewayApiObject.GATEWAY,
            GatewayApiObject.HTTP_ROUTE,
            GatewayApiObject.REFERENCE_GRANT);

    private GatewayApiCheck() {}

    /** One report for each object, in the order in which they are given. */
    public static List<ObjectReport> objects(Collection<GatewayApiObject> objects, ClusterView view) {
        GatewayApi.Compiled compiled = GatewayApi.ofFiles(objects).edge(view);
        Map<ObjectRef, List<Problem>> problems =
                compiled.problems().stream().collect(Collectors.groupingBy(Problem::object));
        return objects.stream()
                .map(object -> bystander(object, view)
                        .orElseGet(
                                () -> report(object.ref(), compiled, problems.getOrDefault(object.ref(), List.of()))))
                .toList();
    }

    /** A route for nothing but Services before which no gateway stands. */
    private static Optional<ObjectReport> bystander(GatewayApiObject object, ClusterView view) {
        List<ParentRef> parents = object.is(GatewayApiObject.HTTP_ROUTE) ? ParentRef.all(object) : List.of();
        boolean waits = !parents.isEmpty()
                && parents.stream()
                        .allMatch(ref -> ref.service()
                                .filter(service -> !view.isInMesh(service))
                                .isPresent());
        return waits
                ? Optional.of(new ObjectReport(
                        object.ref(),
                        true,
                        OURS,
                        parents.stream()
                                .map(
                                        ref -> new Finding(
                                                ref.where(),
                                                Standing.NOT_OBEYED,
                                                "names Service " + ref.service().orElseThrow()
                                                        + ", whose traffic does not pass through gateways (expected: linnet.dev/mesh: \"true\" on the Service or its namespace)"))
                                .toList()))
                : Optional.empty();
    }

    private static ObjectReport report(ObjectRef object, GatewayApi.Compiled compiled, List<Problem> problems) {
        if (!OBEYED.contains(object.kind())) {
            return new ObjectReport(
                    object,
                    true,
                    OURS,
                    List.of(new Finding("spec", Standing.NOT_OBEYED, "is of a kind that is not obeyed yet")));
        }
        boolean foreign = !object.kind().equals(GatewayApiObject.REFERENCE_GRANT)
                && (!compiled.statuses().containsKey(object)
                        || isOfOthers(compiled.statuses().get(object)));
        if (foreign) {
            return new ObjectReport(
                    object, false, "it belongs to no GatewayClass of controller " + GatewayApi.CONTROLLER, List.of());
        }
        Stream<Finding> findings =
                problems.stream().map(problem -> new Finding(problem.path(), Standing.NOT_OBEYED, problem.message()));
        return new ObjectReport(object, true, OURS, findings.toList());
    }

    private static boolean isOfOthers(ObjectStatus status) {
        return status.wanted() instanceof Wanted.OfRoute(var parents) && parents.isEmpty();
    }
}
