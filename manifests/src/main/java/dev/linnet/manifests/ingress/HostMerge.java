package dev.linnet.manifests.ingress;

import dev.linnet.manifests.Translation;
import dev.linnet.manifests.ingress.IngressReading.Role;
import dev.linnet.manifests.ingress.IngressReading.Route;
import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.HostTls;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Settles which Ingress serves which route of one host, and which canaries belong to it.
 *
 * <p>The oldest object has the route. A canary attaches to the very route it names (namespace, host, path and type), so a
 * Service may be a canary here and a primary there, and a path without counterpart harms no other path (unlike ingress-nginx,
 * spec §2.6).
 */
final class HostMerge {
    /** More would make another message, and so another Event, of each change of a neighbour. */
    private static final int PATHS_TO_NAME = 5;

    private final String host;
    private final Map<PathMatch, Owned> owners = new LinkedHashMap<>();
    private final Set<Problem> problems = new LinkedHashSet<>();
    private Optional<HostTls> tls = Optional.empty();
    private Optional<ClientAuth> clients = Optional.empty();

    private HostMerge(String host) {
        this.host = host;
    }

    /**
     * An Ingress that names the host.
     *
     * @param routes those of the host, in the order of the object
     */
    record Named(IngressReading reading, List<Route> routes) {}

    /**
     * The rules of one host.
     *
     * @param named the Ingresses that name it, in any order
     */
    static Translation merge(String host, Collection<Named> named) {
        HostMerge merge = new HostMerge(host);
        List<Named> ordered = named.stream()
                .sorted(Comparator.comparing(Named::reading, IngressReading.OLDEST_FIRST))
                .toList();
        ordered.forEach(reading -> merge.own(reading, false));
        ordered.forEach(reading -> merge.own(reading, true));
        ordered.forEach(merge::attach);
        merge.settleTls(ordered);
        return merge.translation(ordered);
    }

    private void own(Named named, boolean fallback) {
        switch (named.reading.role()) {
            case Role.Primary primary ->
                routes(named, fallback).forEach(route -> own(named.reading.object(), route, primary));
            case Role.Canary _, Role.Nothing _ -> {}
        }
    }

    private void own(ObjectRef object, Route route, Role.Primary role) {
        Owned owner = owners.putIfAbsent(
                route.path(), new Owned(object, route, role, new ArrayList<>(), new RemainingShare()));
        if (owner == null || (route.fallback() && !owner.route.fallback())) {
            return; // It is ours, or it is a default backend where everything is spoken for.
        }
        problem(
                object,
                Reason.ROUTE_TAKEN,
                route.where(),
                "asks for " + route + ", which " + owner.by(object)
                        + " already serves (expected: one object per route)");
    }

    private void attach(Named named) {
        ObjectRef object = named.reading.object();
        switch (named.reading.role()) {
            case Role.Canary canary -> {
                Set<PathMatch> attached = new LinkedHashSet<>();
                routes(named, false).forEach(route -> attach(object, route, canary, attached));
                routes(named, true)
                        .filter(route -> !attached.contains(route.path()))
                        .forEach(route -> attach(object, route, canary, attached));
            }
            case Role.Primary _, Role.Nothing _ -> {}
        }
    }

    private void attach(ObjectRef canary, Route route, Role.Canary role, Set<PathMatch> attached) {
        Optional<Owned> found = Optional.ofNullable(owners.get(route.path()));
        if (found.isEmpty()) {
            problem(canary, Reason.CANARY_NOT_ATTACHED, route.where(), nobodyServes(route));
            return;
        }
        Owned owner = found.get();
        if (!owner.object.namespace().equals(canary.namespace())) {
            problem(
                    canary,
                    Reason.CANARY_NOT_ATTACHED,
                    route.where(),
                    "is for " + route + ", which " + owner.object
                            + " serves (expected: a canary in the namespace of the Ingress that it belongs to)");
            return;
        }
        if (!attached.add(route.path())) {
            problem(canary, Reason.ROUTE_TAKEN, route.where(), "names " + route + " a second time (expected: once)");
            return;
        }
        // Tools copy whole Ingresses: a path that leads where the primary's leads says nothing (§2.7, row 9).
        if (!owner.route.backend().equals(route.backend())) {
            owner.canaries.add(new CanarySide(
                    route.backend(),
                    granted(canary, route, role.selector(), owner),
                    canary,
                    role.balancing(),
                    role.sticky(),
                    role.release()));
        }
    }

    /** The selector, its share cut to what older canaries of this route leave. */
    private CanarySelector granted(ObjectRef canary, Route route, CanarySelector selector, Owned owner) {
        Share wanted = selector.share();
        Share granted = owner.remaining.take(wanted);
        if (granted.equals(wanted)) {
            return selector;
        }
        problem(
                canary,
                Reason.WEIGHTS_EXCEED_TOTAL,
                Annotations.path(Annotations.PREFIX + CanaryAnnotations.WEIGHT),
                "is " + wanted.weight() + " of " + wanted.total() + " on " + route + ", where older canaries leave "
                        + granted.weight() + " (expected: at most that): it gets " + granted.weight());
        return selector.withShare(granted);
    }

    private String nobodyServes(Route route) {
        String wanted = "is for " + route + ", which no ordinary Ingress serves";
        if (owners.isEmpty()) {
            return wanted + " (nor anything else on that host)";
        }
        String known = String.join(
                ", ",
                owners.keySet().stream()
                        .map(path -> Route.describe(host, path))
                        .sorted()
                        .limit(PATHS_TO_NAME)
                        .toList());
        return wanted + " (expected: same host, path and pathType as one of: " + known
                + (owners.size() > PATHS_TO_NAME ? " and others" : "") + ")";
    }

    private Translation translation(List<Named> ordered) {
        // A certificate is looked for by name: a route for any host has none of its own.
        boolean overTls = !host.isEmpty() && tls.flatMap(HostTls::certificates).isPresent();
        List<Rule> rules = new ArrayList<>();
        appRoot(ordered).ifPresent(rules::add);
        rules.addAll(new HostRules(owners.values(), overTls, clients, problems::add).rules());
        return new Translation(rules, tls.stream().toList(), List.copyOf(problems));
    }

    /** The oldest ordinary Ingress that says something decides (§5.7), for certificates and for clients each. */
    private void settleTls(List<Named> ordered) {
        List<IngressReading> primaries = ordered.stream()
                .map(Named::reading)
                .filter(reading -> reading.role() instanceof Role.Primary)
                .toList();
        Optional<HostTls.Certificates> certificates = primaries.stream()
                .filter(reading -> !reading.tls().sections().isEmpty())
                .findFirst()
                .map(reading -> reading.tls().of(host, reading.object()));
        clients = primaries.stream()
                .flatMap(reading -> reading.tls().clients().stream())
                .findFirst();
        if (certificates.isPresent() || clients.isPresent()) {
            tls = Optional.of(new HostTls(host, certificates, clients));
        }
    }

    /** Requests for the root of the host are sent elsewhere before any route is looked for, as the oldest who asks for it says. */
    private Optional<Rule> appRoot(List<Named> ordered) {
        Optional<Rule> first = Optional.empty();
        for (Named named : ordered) {
            IngressReading reading = named.reading;
            if (!(reading.role() instanceof Role.Primary primary)
                    || primary.host().appRoot().isEmpty()) {
                continue;
            }
            String path = primary.host().appRoot().get();
            Rule rule = appRoot(named, path);
            if (first.isEmpty()) {
                first = Optional.of(rule);
            } else if (!first.get().policy().equals(rule.policy())) {
                problem(
                        reading.object(),
                        Reason.ROUTE_TAKEN,
                        Annotations.path(Annotations.PREFIX + HostAnnotations.APP_ROOT),
                        "is \"" + path + "\" for " + host + ", but the older "
                                + first.get().source() + " says otherwise (expected: one for each host)");
            }
        }
        return first;
    }

    private Rule appRoot(Named named, String path) {
        Route any = named.routes.getFirst();
        Redirects redirects = Redirects.NONE.withElsewhere(new Elsewhere.ToPath(302, path));
        return new Rule(
                        host,
                        new PathMatch.Exact("/"),
                        any.backend(),
                        List.of(),
                        named.reading.object(),
                        Limits.DEFAULT)
                .withPolicy(Policy.NONE.withRedirects(redirects));
    }

    private static Stream<Route> routes(Named named, boolean fallback) {
        return named.routes.stream().filter(route -> route.fallback() == fallback);
    }

    private void problem(ObjectRef object, Reason reason, String path, String message) {
        problems.add(new Problem(object, reason, path, message));
    }

    /** A route and the object that has it. */
    record Owned(
            ObjectRef object, Route route, Role.Primary role, List<CanarySide> canaries, RemainingShare remaining) {
        String by(ObjectRef other) {
            return object.equals(other) ? "its " + route.where() : "the older " + object;
        }
    }
}
