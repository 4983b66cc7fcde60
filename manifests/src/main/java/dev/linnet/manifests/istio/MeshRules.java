package dev.linnet.manifests.istio;

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
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What becomes of requests to one port of a Service inside the cluster (spec §1.3, §1.6). Istio decides for each caller when rules are
 * compiled; here the conditions on callers are conditions of rules, and a caller that no rule of the VirtualService is for meets the
 * Service as if there were none.
 */
final class MeshRules {
    private final IstioObjects objects;
    private final ServicePort port;
    private final RuleOrder order;
    private final List<Rule> rules = new ArrayList<>();
    private final Set<Problem> problems = new LinkedHashSet<>();

    MeshRules(IstioObjects objects, ServicePort port, RuleOrder order) {
        this.objects = objects;
        this.port = port;
        this.order = order;
    }

    /** Rules in their order, and what their authors should hear. */
    record Mesh(List<Rule> rules, List<Problem> problems) {}

    Mesh mesh() {
        List<Source> claimed = new ArrayList<>();
        for (VirtualService service : ofHost()) {
            Set<String> namespaces = service.exportTo();
            compile(service, namespaces, claimed);
            if (namespaces.isEmpty()) {
                return new Mesh(rules, List.copyOf(problems));
            }
            claimed.add(new Source(namespaces, Map.of()));
        }
        rules.add(usual(claimed.isEmpty() ? List.of() : List.of(new Part.FromOthers(claimed))));
        return new Mesh(rules, List.copyOf(problems));
    }

    /** The most exact name counts, then who tells fewer namespaces, then age. Of those for everybody only the first is looked at. */
    private List<VirtualService> ofHost() {
        List<VirtualService> narrow = objects.inside().of(port.host()).findFirst().orElse(List.of()).stream()
                .sorted(Comparator.comparingInt(service -> service.exportTo().isEmpty() ? 1 : 0))
                .toList();
        Optional<VirtualService> first =
                narrow.stream().filter(service -> service.exportTo().isEmpty()).findFirst();
        first.ifPresent(winner -> narrow.stream()
                .filter(service -> service.exportTo().isEmpty() && !service.equals(winner))
                .forEach(loser -> problems.add(new Problem(
                        loser.object().ref(),
                        Reason.ROUTE_TAKEN,
                        "spec.hosts",
                        "names " + port.host() + ", which the older "
                                + winner.object().ref()
                                + " already has inside the cluster (expected: one VirtualService for each host)"))));
        return narrow;
    }

    private void compile(VirtualService service, Set<String> namespaces, List<Source> claimed) {
        RuleCompiler compiler = new RuleCompiler(
                new RuleCompiler.Place(port.ruleHost(), port.number(), true), port.namespace(), objects, problems::add);
        List<Source> sources = new ArrayList<>();
        boolean over = false;
        for (HttpRule rule : service.rules()) {
            if (over) {
                if (rule.isFor(match -> source(match, namespaces).isPresent() && isAt(match.port()))) {
                    order.behind(service, rule);
                }
                continue;
            }
            if (rule.matches().isEmpty()) {
                Source all = new Source(namespaces, Map.of());
                order.reached(service, rule);
                sources.add(all);
                rules.add(compiler.rule(service, rule, Optional.empty(), conditions(all, claimed)));
                over = true;
            }
            for (HttpMatch match : rule.matches()) {
                Optional<Source> source = source(match, namespaces);
                if (over || source.isEmpty() || !isAt(match.port())) {
                    continue;
                }
                order.reached(service, rule);
                over = match.isCatchAll() && source.get().equals(new Source(namespaces, Map.of()));
                sources.add(source.get());
                rules.add(compiler.rule(service, rule, Optional.of(match), conditions(source.get(), claimed)));
            }
        }
        if (sources.stream().noneMatch(source -> source.equals(new Source(namespaces, Map.of())))) {
            List<Part> others = new ArrayList<>(conditions(new Source(namespaces, Map.of()), claimed));
            if (!sources.isEmpty()) {
                others.add(new Part.FromOthers(sources));
            }
            rules.add(usual(others));
        }
    }

    private boolean isAt(OptionalInt wanted) {
        return wanted.isEmpty() || wanted.getAsInt() == port.number();
    }

    /** Empty if it is for nobody inside the cluster. Gateways that are named make conditions on callers count for nothing (spec §1.4). */
    private static Optional<Source> source(HttpMatch match, Set<String> namespaces) {
        if (!match.gateways().isEmpty()) {
            return match.gateways().contains(Names.MESH)
                    ? Optional.of(new Source(namespaces, Map.of()))
                    : Optional.empty();
        }
        Source wanted = match.source();
        Set<String> both = new HashSet<>(wanted.namespaces().isEmpty() ? namespaces : wanted.namespaces());
        if (!wanted.namespaces().isEmpty() && !namespaces.isEmpty()) {
            both.retainAll(namespaces);
            if (both.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(new Source(both, wanted.labels()));
    }

    private static List<Part> conditions(Source source, List<Source> claimed) {
        List<Part> parts = new ArrayList<>();
        if (!source.isAny()) {
            parts.add(new Part.From(source));
        }
        if (!claimed.isEmpty()) {
            parts.add(new Part.FromOthers(claimed));
        }
        return parts;
    }

    /** All Pods of the Service. */
    private Rule usual(List<Part> conditions) {
        ServiceRef all = new ServiceRef(port.namespace(), port.name(), String.valueOf(port.number()));
        return new Rule(
                port.ruleHost(),
                new PathMatch.Ordered("/", new RequestMatch(conditions)),
                all,
                List.of(),
                new ObjectRef("Service", port.namespace(), port.name()),
                Limits.INSIDE,
                Policy.NONE.withBalancing(objects.destinationRules()
                        .policy("", port.host(), port.namespace(), port.namespace(), OptionalInt.of(port.number()))
                        .balancing()
                        .orElse(Balancing.UNSAID)));
    }
}
