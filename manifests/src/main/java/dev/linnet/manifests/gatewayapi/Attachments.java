package dev.linnet.manifests.gatewayapi;

import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which routes belong to which listeners (spec §6.4). */
final class Attachments {
    private final Map<ObjectRef, EdgeGateway> gateways = new LinkedHashMap<>();
    private final List<Attached> attached = new ArrayList<>();
    private final Map<ObjectRef, List<Parent>> parents = new LinkedHashMap<>();
    private final Map<ObjectRef, Map<String, Integer>> counts = new HashMap<>();
    private final List<Objection> objections = new ArrayList<>();

    /** @param hostnames that route and listener have in common */
    record Attached(EdgeGateway gateway, Listener listener, HttpRoute route, List<Hostname> hostnames) {
        Attached {
            hostnames = List.copyOf(hostnames);
        }
    }

    Attachments(Collection<EdgeGateway> ours, Collection<HttpRoute> routes) {
        ours.forEach(gateway -> gateways.put(gateway.object().ref(), gateway));
        routes.forEach(this::attach);
    }

    private void attach(HttpRoute route) {
        for (ParentRef ref : route.parents()) {
            Optional<EdgeGateway> gateway = ref.gateway().flatMap(name -> Optional.ofNullable(gateways.get(name)));
            gateway.ifPresent(found -> attach(route, ref, found));
        }
    }

    private void attach(HttpRoute route, ParentRef ref, EdgeGateway gateway) {
        List<Attached> found = new ArrayList<>();
        List<Objection> unaccepted =
                new ArrayList<>(objection(route, ref, gateway, found).stream().toList());
        unaccepted.addAll(route.unaccepted());
        parents.computeIfAbsent(route.object().ref(), _ -> new ArrayList<>())
                .add(Parent.of(ref, route, unaccepted, "The gateway obeys it"));
        objections.addAll(unaccepted);
        objections.addAll(route.unresolved());
        if (unaccepted.isEmpty()) {
            found.forEach(each -> counts.computeIfAbsent(gateway.object().ref(), _ -> new HashMap<>())
                    .merge(each.listener.name(), 1, Integer::sum));
            attached.addAll(found);
        }
    }

    /** Why it cannot be attached; if it can, where it is. */
    private static Optional<Objection> objection(
            HttpRoute route, ParentRef ref, EdgeGateway gateway, List<Attached> found) {
        List<Listener> meant = gateway.listeners().stream().filter(ref::means).toList();
        if (meant.isEmpty()) {
            return Optional.of(refused(
                    route,
                    ref,
                    "NoMatchingParent",
                    "names no listener of " + gateway.object().ref() + " by its sectionName and port"));
        }
        List<Listener> admitting = meant.stream()
                .filter(listener -> listener.takesRoutes()
                        && listener.admits().test(route.object().ref().namespace()))
                .toList();
        if (admitting.isEmpty()) {
            return Optional.of(refused(
                    route,
                    ref,
                    "NotAllowedByListeners",
                    "names listeners that do not admit HTTPRoutes of namespace "
                            + route.object().ref().namespace()));
        }
        for (Listener listener : admitting) {
            List<Hostname> common = common(listener.hostname(), route.hostnames());
            if (!common.isEmpty()) {
                found.add(new Attached(gateway, listener, route, common));
            }
        }
        return found.isEmpty()
                ? Optional.of(refused(
                        route,
                        ref,
                        "NoMatchingListenerHostname",
                        "names listeners for none of the hostnames of the route"))
                : Optional.empty();
    }

    private static Objection refused(HttpRoute route, ParentRef ref, String reason, String message) {
        return Objection.of(route.object().ref(), reason, Reason.BAD_SPEC, ref.where(), message);
    }

    private static List<Hostname> common(Hostname listener, List<Hostname> route) {
        return route.isEmpty()
                ? List.of(listener)
                : route.stream()
                        .flatMap(name -> listener.and(name).stream())
                        .distinct()
                        .toList();
    }

    List<Attached> attached() {
        return List.copyOf(attached);
    }

    /** What became of the parents of each route that are ours. */
    Map<ObjectRef, List<Parent>> parents() {
        return parents;
    }

    /** How many routes a listener has, also one that is not served. */
    int count(EdgeGateway gateway, Listener listener) {
        return counts.getOrDefault(gateway.object().ref(), Map.of()).getOrDefault(listener.name(), 0);
    }

    List<Objection> objections() {
        return List.copyOf(objections);
    }
}
