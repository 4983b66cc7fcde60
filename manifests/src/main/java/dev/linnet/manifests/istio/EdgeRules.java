package dev.linnet.manifests.istio;

import dev.linnet.manifests.istio.IstioGateway.Host;
import dev.linnet.manifests.istio.IstioGateway.Server;
import dev.linnet.manifests.istio.VirtualService.HttpMatch;
import dev.linnet.manifests.istio.VirtualService.HttpRule;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.RequestMatch;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.RequestMatch.Source;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Workload;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the gateway serves from outside, as Istio's ingress gateway would (spec §1.3, §1.7, §3.2): the VirtualServices of each of its
 * Gateways, oldest first, and rules for every request last.
 */
final class EdgeRules {
    private static final int MOVED = 301;

    /** Who the gateway is to rules that ask for callers. */
    static final Workload GATEWAY = new Workload("linnet-system", "linnet-gateway", IstioGateway.LABELS);

    private final IstioObjects objects;
    private final List<VirtualService> virtualServices;
    private final RuleOrder order;
    private final Map<String, List<Compiled>> hosts = new LinkedHashMap<>();
    private final Map<String, Rule> redirects = new LinkedHashMap<>();
    private final Set<Secured> secured = new HashSet<>();
    private final Set<Problem> problems = new LinkedHashSet<>();

    /** @param virtualServices that are looked at */
    EdgeRules(IstioObjects objects, List<VirtualService> virtualServices, RuleOrder order) {
        this.objects = objects;
        this.virtualServices = List.copyOf(virtualServices);
        this.order = order;
    }

    private record Compiled(Rule rule, boolean catchAll) {}

    /** What is served over TLS. */
    private record Secured(ObjectRef service, String host) {}

    /** Rules of each host, and what their authors should hear. */
    record Edge(Map<String, List<Rule>> rules, List<Problem> problems) {}

    Edge edge() {
        serveThoseThat(server -> !server.toHttps());
        serveThoseThat(Server::toHttps);
        Map<String, List<Rule>> rules = new LinkedHashMap<>();
        redirects.forEach((host, first) ->
                rules.computeIfAbsent(host, _ -> new ArrayList<>()).add(first));
        hosts.forEach((host, compiled) -> {
            List<Rule> ofHost = rules.computeIfAbsent(host, _ -> new ArrayList<>());
            compiled.stream().filter(each -> !each.catchAll).map(Compiled::rule).forEach(ofHost::add);
            compiled.stream().filter(Compiled::catchAll).map(Compiled::rule).forEach(ofHost::add);
        });
        unused();
        return new Edge(rules, List.copyOf(problems));
    }

    private void serveThoseThat(Predicate<Server> turn) {
        for (IstioGateway gateway : objects.gateways()) {
            for (Server server : gateway.servers()) {
                if (!turn.test(server)) {
                    continue;
                }
                if (!objects.isServed(server.door())) {
                    problems.add(new Problem(
                            gateway.object().ref(),
                            Reason.ROUTE_TAKEN,
                            server.where() + ".port",
                            "is " + server.port()
                                    + ", which an older Gateway has with another protocol: the server is left out"));
                    continue;
                }
                server.hosts().forEach(host -> serve(gateway, server, host));
            }
        }
    }

    private void serve(IstioGateway gateway, Server server, Host host) {
        if (server.toHttps()) {
            toHttps(gateway, Names.ofRule(host.name()) + server.door().suffix());
        }
        for (VirtualService service : virtualServices) {
            if (!service.isFor(gateway.name())
                    || !host.admits(service)
                    || !service.isVisibleIn(gateway.object().ref().namespace())) {
                continue;
            }
            for (String name : service.hosts()) {
                Names.both(host.name(), name)
                        .ifPresent(both -> serve(
                                gateway,
                                server,
                                service,
                                Names.ofRule(both) + server.door().suffix()));
            }
        }
    }

    /** What a server sends to HTTPS comes back there, or came from there: by a proxy that is trusted and says so. */
    private void serve(IstioGateway gateway, Server server, VirtualService service, String host) {
        boolean secure = server.secure() || server.toHttps();
        boolean first = !secure || secured.add(new Secured(service.object().ref(), host));
        if (server.toHttps()) {
            toHttps(gateway, host);
            if (!first) {
                return;
            }
        }
        List<Compiled> ofHost = hosts.computeIfAbsent(host, _ -> new ArrayList<>());
        int port = server.port();
        RuleCompiler compiler = new RuleCompiler(
                new RuleCompiler.Place(host, port, false), GATEWAY.namespace(), objects, problems::add);
        List<Part> door = List.of(new Part.Secure(secure));
        boolean over = false;
        for (HttpRule rule : service.rules()) {
            if (over) {
                if (rule.isFor(match -> isFor(match, gateway.name(), port))) {
                    order.behind(service, rule);
                }
                continue;
            }
            if (rule.matches().isEmpty()) {
                order.reached(service, rule);
                ofHost.add(new Compiled(server.admitting(compiler.rule(service, rule, Optional.empty(), door)), true));
                over = true;
            }
            for (HttpMatch match : rule.matches()) {
                if (over || !isFor(match, gateway.name(), port)) {
                    continue;
                }
                order.reached(service, rule);
                over = match.isCatchAll();
                ofHost.add(
                        new Compiled(server.admitting(compiler.rule(service, rule, Optional.of(match), door)), over));
            }
        }
    }

    private static boolean isFor(HttpMatch match, String gateway, int port) {
        if (match.port().isPresent() && match.port().getAsInt() != port) {
            return false;
        }
        if (!match.gateways().isEmpty()) {
            return match.gateways().contains(gateway);
        }
        Source source = match.source();
        return source.takes(GATEWAY);
    }

    private void toHttps(IstioGateway gateway, String host) {
        Redirects always = Redirects.NONE.withToHttps(Optional.of(new Redirects.ToHttps(true, MOVED, true)));
        redirects.putIfAbsent(
                host,
                new Rule(
                        host,
                        new PathMatch.Ordered("/", new RequestMatch(List.of(new Part.Secure(false)))),
                        ServiceRef.NOBODY,
                        List.of(),
                        gateway.object().ref(),
                        Limits.DEFAULT,
                        Policy.NONE.withRedirects(always)));
    }

    /** A VirtualService that names a Gateway which does not have its host, or does not exist, is not served there. */
    private void unused() {
        for (VirtualService service : virtualServices) {
            for (String gateway : service.gateways()) {
                if (gateway.equals(Names.MESH)) {
                    continue;
                }
                Optional<IstioGateway> found = objects.gateway(gateway);
                if (found.isEmpty()) {
                    problem(
                            service,
                            "spec.gateways",
                            "names " + gateway
                                    + ", which does not exist (expected: a Gateway as name or namespace/name)");
                } else if (found.get().ours()) {
                    service.hosts().stream()
                            .filter(host -> found.get().servers().stream()
                                    .flatMap(server -> server.hosts().stream())
                                    .noneMatch(served -> served.admits(service)
                                            && Names.both(served.name(), host).isPresent()))
                            .forEach(host -> problem(
                                    service,
                                    "spec.hosts",
                                    "names " + host + ", which Gateway " + gateway + " does not serve"));
                }
            }
        }
    }

    private void problem(VirtualService service, String path, String message) {
        problems.add(new Problem(service.object().ref(), Reason.BAD_SPEC, path, message));
    }
}
