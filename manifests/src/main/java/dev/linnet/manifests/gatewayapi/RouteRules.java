package dev.linnet.manifests.gatewayapi;

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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Rules of one host, one for each entry of the matches of its routes, in the order in which they are to be asked (spec §6.5.3). */
final class RouteRules {
    /** For requests to a host of ours that no route is for. */
    static final FixedAnswer NOTHING = new FixedAnswer(404, "404 Not Found\n");

    private static final int INTERNAL_ERROR = 500;

    /** Whose share nobody can be asked for is answered 500, which is all of them where nobody can (spec §6.5.5). */
    private static final FixedAnswer NOBODY = new FixedAnswer(INTERNAL_ERROR, "No backend of this rule can be asked\n");

    private static final Comparator<Candidate> FIRST = Comparator.comparing(
                    Candidate::hostname, Hostname.MOST_SPECIFIC_FIRST)
            .thenComparing(Candidate::match, RouteMatch.MOST_SPECIFIC_FIRST)
            .thenComparing(candidate -> candidate.route.object(), GatewayApiObject.OLDEST_FIRST);

    private final String host;
    private final List<Part> more;
    private final OptionalInt port;
    private final List<Candidate> candidates = new ArrayList<>();

    /**
     * None yet.
     *
     * @param host as rules spell it
     * @param more conditions that all of its requests meet
     * @param port where clients find it, if that is not the usual one of their protocol
     */
    RouteRules(String host, List<Part> more, OptionalInt port) {
        this.host = host;
        this.more = List.copyOf(more);
        this.port = port;
    }

    private record Candidate(Hostname hostname, HttpRoute route, RouteRule rule, RouteMatch match) {}

    /** @param hostname by which the route has this host */
    void add(Hostname hostname, HttpRoute route) {
        route.rules()
                .forEach(rule ->
                        rule.matches().forEach(match -> candidates.add(new Candidate(hostname, route, rule, match))));
    }

    List<Rule> inOrder() {
        return candidates.stream()
                .sorted(FIRST) // and in the order of the route where all is equal
                .map(this::rule)
                .toList();
    }

    private Rule rule(Candidate candidate) {
        RouteRule rule = candidate.rule;
        List<Part> parts = new ArrayList<>(candidate.match.parts());
        parts.addAll(more);
        Policy policy = candidate.rule.filters().policy(candidate.match, Relay.NONE.withRetries(rule.retries()), port);
        List<Backend> asked = rule.asked();
        boolean alone = rule.filters().redirect().isPresent() || asked.isEmpty();
        return new Rule(
                host,
                new PathMatch.Ordered(candidate.match.path().text(), new RequestMatch(parts)),
                alone ? ServiceRef.NOBODY : asked.getFirst().service().orElseThrow(),
                alone ? List.of() : others(candidate.route.object().ref(), rule, asked),
                candidate.route.object().ref(),
                rule.limits(),
                alone
                        ? alone(rule, policy)
                        : policy.withFaults(broken(rule.backends()))
                                .withPrimaryEdits(asked.getFirst().filters().edits()));
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
                        rule.jointly().filter(how -> how.isCanary(backend)).map(Jointly::release),
                        backend.filters().edits()))
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
                : new Faults(
                        Optional.empty(),
                        Optional.of(new Faults.Abort((double) lost / total, INTERNAL_ERROR, Optional.empty())));
    }
}
