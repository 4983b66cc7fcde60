package dev.linnet.manifests.istio;

import com.google.re2j.Pattern;
import dev.linnet.manifests.istio.VirtualService.Action;
import dev.linnet.manifests.istio.VirtualService.Destination;
import dev.linnet.manifests.istio.VirtualService.HttpMatch;
import dev.linnet.manifests.istio.VirtualService.HttpRule;
import dev.linnet.manifests.istio.VirtualService.Jointly;
import dev.linnet.manifests.istio.VirtualService.UriRewrite;
import dev.linnet.routing.CanarySelector;
import dev.linnet.routing.CanarySelector.Share;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.RequestMatch;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.Rule.PathMatch;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Subset;
import dev.linnet.routing.TextMatch;
import dev.linnet.routing.policy.BackendTarget;
import dev.linnet.routing.policy.Balancing;
import dev.linnet.routing.policy.FixedAnswer;
import dev.linnet.routing.policy.Mirror;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import dev.linnet.routing.policy.Rewrite;
import dev.linnet.routing.policy.Rewrite.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Makes rules of one host of what VirtualServices say, one for each entry of a match (spec §1.9 to §1.12). */
final class RuleCompiler {
    private final String host;
    private final int port;
    private final boolean inside;
    private final String client;
    private final DestinationRules destinationRules;
    private final ServiceEntries serviceEntries;
    private final Consumer<Problem> problems;

    /**
     * For one host and port.
     *
     * @param client namespace of whoever sends requests on
     */
    RuleCompiler(Place place, String client, IstioObjects objects, Consumer<Problem> problems) {
        this.host = place.host;
        this.port = place.port;
        this.inside = place.inside;
        this.client = client;
        this.destinationRules = objects.destinationRules();
        this.serviceEntries = objects.serviceEntries();
        this.problems = problems;
    }

    /**
     * Where requests come in.
     *
     * @param host   as rules spell it
     * @param port   that callers have used
     * @param inside whether that is the port of a Service
     */
    record Place(String host, int port, boolean inside) {}

    /**
     * A rule.
     *
     * @param match empty if the rule is for every request
     * @param more  conditions of the listener, and on callers
     */
    Rule rule(VirtualService service, HttpRule rule, Optional<HttpMatch> match, List<Part> more) {
        List<Part> parts = new ArrayList<>(match.map(HttpMatch::parts).orElseGet(List::of));
        parts.addAll(more);
        PathMatch path = new PathMatch.Ordered(match.map(HttpMatch::path).orElse("/"), new RequestMatch(parts));
        Policy policy = policy(rule, match);
        return switch (rule.action()) {
            case Action.Forward(List<Destination> destinations) -> forward(service, rule, destinations, path, policy);
            case Action.Redirect redirect ->
                alone(
                        service,
                        rule,
                        path,
                        policy.withRedirects(Redirects.NONE.withElsewhere(elsewhere(redirect, match))));
            case Action.Answer(FixedAnswer answer) -> alone(service, rule, path, policy.withFixed(answer));
            case Action.Nothing _ -> alone(service, rule, path, policy);
        };
    }

    private Rule alone(VirtualService service, HttpRule rule, PathMatch path, Policy policy) {
        return new Rule(
                host, path, ServiceRef.NOBODY, List.of(), service.object().ref(), rule.limits(), policy);
    }

    private Rule forward(
            VirtualService service, HttpRule rule, List<Destination> destinations, PathMatch path, Policy policy) {
        List<Destination> versions =
                rule.jointly().map(how -> how.versions(destinations)).orElse(destinations);
        List<ServiceRef> backends = versions.stream()
                .map(destination -> backend(service, destination))
                .toList();
        int total = versions.stream().mapToInt(Destination::weight).sum();
        boolean hasHost = policy.target().host().isPresent();
        VersionEdits edits = VersionEdits.of(
                policy.edits(),
                destinations.size(),
                versions.stream()
                        .map(version -> hasHost ? version.edits().withoutHost() : version.edits())
                        .toList());
        List<CanarySide> others = new ArrayList<>();
        for (int i = 1; i < versions.size(); i++) {
            Destination destination = versions.get(i);
            others.add(new CanarySide(
                    backends.get(i),
                    new CanarySelector(Optional.empty(), Optional.empty(), new Share(destination.weight(), total)),
                    service.object().ref(),
                    balancing(destination, backends.get(i)),
                    true,
                    rule.jointly().filter(how -> how.isCanary(destination)).map(Jointly::release),
                    edits.each().get(i)));
        }
        return new Rule(
                host,
                path,
                backends.getFirst(),
                others,
                service.object().ref(),
                rule.limits(),
                policy.withRelay(policy.relay().withMirrors(mirrors(service, rule)))
                        .withBalancing(balancing(versions.getFirst(), backends.getFirst()))
                        .withEdits(edits.ofRule())
                        .withPrimaryEdits(edits.each().getFirst()));
    }

    private List<Mirror> mirrors(VirtualService service, HttpRule rule) {
        return rule.mirrors().stream()
                .filter(copies -> copies.parts() > 0)
                .map(copies -> new Mirror(
                        new Mirror.Target.Backend(backend(service, copies.to())),
                        copies.parts(),
                        Optional.empty(),
                        true))
                .toList();
    }

    private Balancing balancing(Destination destination, ServiceRef backend) {
        return destinationRules
                .policy(destination.subset(), destination.host(), backend.namespace(), client, number(backend.port()))
                .balancing()
                .orElse(Balancing.UNSAID);
    }

    private static OptionalInt number(String port) {
        return port.equals(ServiceRef.FIRST_PORT) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port));
    }

    private ServiceRef backend(VirtualService service, Destination destination) {
        String number = destination.port().isPresent()
                ? String.valueOf(destination.port().getAsInt())
                : portOf(destination.host());
        Optional<ServiceRef> named = Names.service(destination.host(), number)
                .or(() -> serviceEntries.find(destination.host(), number, client));
        if (named.isEmpty()) {
            problem(
                    service,
                    Reason.BAD_SPEC,
                    destination.where() + ".destination.host",
                    "is " + destination.host()
                            + (serviceEntries.hides(destination.host(), client)
                                    ? ", of which a ServiceEntry says that it is not for " + client
                                    : ", which is no Service (expected: a name without dots, name.namespace.svc.cluster.local, or a host of a ServiceEntry)")
                            + ": its requests are answered 503");
            return new ServiceRef("", destination.host(), number);
        }
        ServiceRef found = named.get();
        Subset subset = destinationRules.subset(destination.subset(), destination.host(), found.namespace(), client);
        if (subset.labels().isEmpty()) {
            boolean elsewhere = destinationRules.namesOf(destination.host()).contains(subset.name());
            problem(
                    service,
                    Reason.BAD_SPEC,
                    destination.where() + ".destination.subset",
                    "is " + subset.name() + ", which "
                            + (elsewhere
                                    ? "only a DestinationRule defines that does not count here (expected: one in the namespace of the Service, and none of its host in "
                                            + client + ")"
                                    : "no DestinationRule of " + destination.host() + " defines")
                            + ": its requests are answered 503");
        }
        return found.of(subset);
    }

    /** The port that the caller has used, where it is the same Service; else the only one that it has. */
    private String portOf(String destination) {
        boolean same = inside && host.startsWith(destination + ":");
        return same ? String.valueOf(port) : ServiceRef.FIRST_PORT;
    }

    private static Policy policy(HttpRule rule, Optional<HttpMatch> match) {
        Policy policy = rule.policy();
        BackendTarget target = policy.target();
        return rule.rewrite()
                .map(how -> policy.withTarget(target.withPath(rewrite(how, match))))
                .orElse(policy);
    }

    private Elsewhere elsewhere(Action.Redirect redirect, Optional<HttpMatch> match) {
        Elsewhere.ToParts to = redirect.to();
        return new Elsewhere.ToParts(
                to.status(),
                to.scheme(),
                to.host(),
                redirect.toListenerPort() ? OptionalInt.of(port) : to.port(),
                redirect.path().map(path -> rewrite(path, match)));
    }

    private static Rewrite rewrite(UriRewrite how, Optional<HttpMatch> match) {
        return switch (how) {
            case UriRewrite.ByPattern(Rewrite rewrite) -> rewrite;
            case UriRewrite.Whole(String uri) -> Rewrite.whole(uri);
            case UriRewrite.Matched(String uri) -> matched(uri, match);
        };
    }

    private static Rewrite matched(String uri, Optional<HttpMatch> match) {
        Optional<Part.Path> path = match.flatMap(HttpMatch::uri);
        if (path.isPresent() && !(path.get().text() instanceof TextMatch.Begins)) {
            return Rewrite.whole(uri);
        }
        String prefix = path.map(found -> ((TextMatch.Begins) found.text()).text())
                .filter(text -> !text.isEmpty())
                .orElse("/");
        boolean anyCase = path.map(Part.Path::anyCase).orElse(false);
        return new Rewrite(
                Pattern.compile(
                        "^" + Pattern.quote(prefix) + "(.*)$",
                        Pattern.DOTALL | (anyCase ? Pattern.CASE_INSENSITIVE : 0)),
                List.of(new Piece.Text(uri), new Piece.Group(1)),
                Optional.empty());
    }

    private void problem(VirtualService service, Reason reason, String path, String message) {
        problems.accept(new Problem(service.object().ref(), reason, path, message));
    }
}
