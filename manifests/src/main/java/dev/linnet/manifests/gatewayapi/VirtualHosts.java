package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.gatewayapi.Attachments.Attached;
import dev.linnet.manifests.gatewayapi.HttpRoute.Jointly;
import dev.linnet.manifests.gatewayapi.HttpRoute.RouteRule;
import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.RequestMatch;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.Faults;
import dev.linnet.routing.policy.FixedAnswer;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Relay;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules of each host, in the order in which they are to be asked (spec §6.3.2, §6.5.3). All Gateways share the gateway's addresses, so their
 * listeners of one port and hostname are as one. A host belongs to the listener with the most specific hostname, and meets nothing but the
 * routes of that one.
 */
final class VirtualHosts {
    private static final int NOT_FOUND = 404;
    private static final int INTERNAL_ERROR = 500;

    /** Whose share nobody can be asked for is answered 500, which is all of them where nobody can (spec §6.5.5). */
    private static final FixedAnswer NOBODY = new FixedAnswer(INTERNAL_ERROR, "No backend of this rule can be asked\n");

    private static final Comparator<Candidate> FIRST = Comparator.comparing(
                    Candidate::hostname, Hostname.MOST_SPECIFIC_FIRST)
            .thenComparing(Candidate::match, RouteMatch.MOST_SPECIFIC_FIRST)
            .thenComparing(candidate -> candidate.route.object(), GatewayApiObject.OLDEST_FIRST);

    private final Map<Door, Map<HttpRoute, Set<Hostname>>> doors = new LinkedHashMap<>();
    private final Map<Door, ObjectRef> sources = new LinkedHashMap<>();
    private final Set<Hostname> hostnames = new LinkedHashSet<>();

    /** Listeners of one kind and hostname. */
    private record Door(boolean secure, Hostname hostname) {}

    private record Candidate(Hostname hostname, HttpRoute route, RouteRule rule, RouteMatch match) {}

    VirtualHosts(Collection<EdgeGateway> gateways, Collection<Attached> attached) {
        for (EdgeGateway gateway : gateways) {
            for (Listener listener : gateway.served()) {
                Door door = door(listener);
                doors.putIfAbsent(door, new LinkedHashMap<>());
                sources.putIfAbsent(door, gateway.object().ref());
                hostnames.add(listener.hostname());
            }
        }
        for (Attached each : attached) {
            if (each.gateway().serves(each.listener())) {
                doors.getOrDefault(door(each.listener()), new LinkedHashMap<>())
                        .computeIfAbsent(each.route(), _ -> new LinkedHashSet<>())
                        .addAll(each.hostnames());
                hostnames.addAll(each.hostnames());
            }
        }
    }

    private static Door door(Listener listener) {
        return new Door(listener.secure(), listener.hostname());
    }

    /** By host, as rules spell it. */
    Map<String, List<Rule>> rules() {
        Map<String, List<Rule>> rules = new LinkedHashMap<>();
        hostnames.stream()
                .sorted(Hostname.MOST_SPECIFIC_FIRST.thenComparing(Hostname::text))
                .forEach(hostname -> {
                    List<Rule> ofHost = new ArrayList<>();
                    for (boolean secure : new boolean[] {false, true}) {
                        best(secure, hostname).ifPresent(door -> ofHost.addAll(rules(door, hostname)));
                    }
                    rules.put(hostname.ofRule(), ofHost.isEmpty() ? List.of(nothing(hostname)) : ofHost);
                });
        return rules;
    }

    private Optional<Door> best(boolean secure, Hostname hostname) {
        return doors.keySet().stream()
                .filter(door -> door.secure == secure && door.hostname.covers(hostname))
                .min(Comparator.comparing(Door::hostname, Hostname.MOST_SPECIFIC_FIRST));
    }

    private List<Rule> rules(Door door, Hostname hostname) {
        List<Candidate> candidates = new ArrayList<>();
        doors.getOrDefault(door, Map.of())
                .forEach((route, names) -> names.stream()
                        .filter(name -> name.covers(hostname))
                        .min(Hostname.MOST_SPECIFIC_FIRST)
                        .ifPresent(name -> route.rules()
                                .forEach(rule -> rule.matches()
                                        .forEach(match -> candidates.add(new Candidate(name, route, rule, match))))));
        return candidates.stream()
                .sorted(FIRST) // and in the order of the route where all is equal
                .map(candidate -> rule(candidate, door.secure, hostname.ofRule()))
                .toList();
    }

    /** So that the host does not fall to a less specific listener. Asked last: it goes by its path. */
    private Rule nothing(Hostname hostname) {
        ObjectRef source = best(false, hostname)
                .or(() -> best(true, hostname))
                .map(sources::get)
                .orElseThrow();
        return new Rule(
                hostname.ofRule(),
                new PathMatch.Prefix("/"),
                ServiceRef.NOBODY,
                List.of(),
                source,
                Rule.Limits.DEFAULT,
                Policy.NONE.withFixed(new FixedAnswer(NOT_FOUND, "404 Not Found\n")));
    }

    private static Rule rule(Candidate candidate, boolean secure, String host) {
        RouteRule rule = candidate.rule;
        List<Part> parts = new ArrayList<>(candidate.match.parts());
        parts.add(new Part.Secure(secure));
        Policy policy = candidate.rule.filters().policy(candidate.match, Relay.NONE.withRetries(rule.retries()));
        List<Backend> asked = rule.asked();
        boolean alone = rule.filters().redirect().isPresent() || asked.isEmpty();
        return new Rule(
                host,
                new PathMatch.Ordered(candidate.match.path().text(), new RequestMatch(parts)),
                alone ? ServiceRef.NOBODY : asked.getFirst().service().orElseThrow(),
                alone ? List.of() : others(candidate.route.object().ref(), rule, asked),
                candidate.route.object().ref(),
                rule.limits(),
                alone ? alone(rule, policy) : policy.withFaults(broken(rule.backends())));
    }

    private static Policy alone(RouteRule rule, Policy policy) {
        return rule.filters().redirect().isPresent() ? policy : policy.withFixed(NOBODY);
    }

    private static List<CanarySide> others(ObjectRef source, RouteRule rule, List<Backend> asked) {
        int total = asked.stream().mapToInt(Backend::weight).sum();
        return asked.stream()
                .skip(1)
                .map(backend -> new CanarySide(
                        backend.service().orElseThrow(),
                        new CanarySelector(Optional.empty(), Optional.empty(), new Share(backend.weight(), total)),
                        source,
                        Balancing.UNSAID,
                        true,
                        rule.jointly().filter(how -> how.isCanary(backend)).map(Jointly::release)))
                .toList();
    }

    /** The share of backends that cannot be asked is answered 500, the others keep their proportions (spec §6.5.5). */
    private static Faults broken(List<Backend> backends) {
        long total = backends.stream().mapToLong(Backend::weight).sum();
        long lost = backends.stream()
                .filter(backend -> backend.service().isEmpty())
                .mapToLong(Backend::weight)
                .sum();
        return lost == 0
                ? Faults.NONE
                : new Faults(Optional.empty(), Optional.of(new Faults.Abort((double) lost / total, INTERNAL_ERROR)));
    }
}
