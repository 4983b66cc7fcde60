package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.VersionPairs;
import dev.linnet.manifests.flagger.GoDuration;
import dev.linnet.manifests.gatewayapi.HttpRoute.Jointly;
import dev.linnet.manifests.gatewayapi.HttpRoute.RouteRule;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.policy.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads one HTTPRoute (spec §6.5). */
final class RouteReader {
    private static final String UNSUPPORTED = "UnsupportedValue";

    private final GatewayApiObject route;
    private final Limits usual;
    private final MatchReader matches;
    private final FilterReader filters;
    private final BackendReader backends;
    private final List<Objection> unaccepted = new ArrayList<>();
    private final List<Objection> unresolved = new ArrayList<>();

    private RouteReader(GatewayApiObject route, Grants grants, ClusterView view, Standpoint from) {
        this.route = route;
        this.usual = from.limits();
        this.matches = new MatchReader(this::unsupported);
        this.backends = new BackendReader(route, grants, view, from, unresolved::add);
        this.filters = new FilterReader(backends, this::unsupported);
    }

    /** Hears of what keeps a route from being served. */
    @FunctionalInterface
    interface Unsupported {
        /** @param message {@code is "x" (expected: y)} */
        void say(String path, String message);
    }

    static HttpRoute read(GatewayApiObject route, Grants grants, ClusterView view, Standpoint from) {
        return new RouteReader(route, grants, view, from).read();
    }

    private void unsupported(String path, String message) {
        unaccepted.add(Objection.of(route.ref(), UNSUPPORTED, Reason.NOT_OBEYED, path, message));
    }

    private HttpRoute read() {
        List<RouteRule> rules = new ArrayList<>();
        int index = 0;
        for (JsonNode rule : route.spec().path("rules")) {
            rules.add(rule(rule, "spec.rules[" + index++ + "]"));
        }
        return new HttpRoute(
                route,
                route.spec()
                        .path("hostnames")
                        .valueStream()
                        .map(name -> Hostname.of(name.asText()))
                        .toList(),
                ParentRef.all(route),
                jointly(rules),
                unaccepted,
                unresolved);
    }

    private List<RouteRule> jointly(List<RouteRule> rules) {
        Optional<JointRelease> release = JointRelease.of(route.ref(), route.release(), _ -> {});
        if (release.isEmpty()) {
            return rules;
        }
        VersionPairs<ServiceRef> pairs =
                VersionPairs.of(rules.stream().map(RouteRule::services).toList(), _ -> Optional.empty());
        return rules.stream()
                .map(rule -> pairs.of(rule.services())
                        .map(pair -> rule.with(new Jointly(release.get(), pair)))
                        .orElse(rule))
                .toList();
    }

    private RouteRule rule(JsonNode rule, String where) {
        List<RouteMatch> any = matches.read(rule.path("matches"), where + ".matches");
        List<JsonNode> refs = rule.path("backendRefs").valueStream().toList();
        List<Backend> found = new ArrayList<>();
        for (int i = 0; i < refs.size(); i++) {
            found.add(backends.read(refs.get(i), where + ".backendRefs[" + i + "]"));
        }
        Filters all =
                together(filters.read(rule.path("filters"), where + ".filters"), found, ofBackends(refs, where), where);
        if (all.path().or(() -> all.redirect().flatMap(Filters.Redirect::path)).orElse(null)
                        instanceof Filters.NewPath.Prefix
                && !any.stream().allMatch(match -> match.path() instanceof RouteMatch.Path.Prefix)) {
            unsupported(
                    where + ".filters",
                    "replace the prefix of a path that is not matched by prefix (expected: type PathPrefix in matches)");
        }
        unread(rule, where);
        Optional<Duration> request = duration(rule.path("timeouts"), "request", where + ".timeouts");
        return new RouteRule(any, all, found, limits(rule, request, where), retries(request), Optional.empty());
    }

    /** One for each backend. */
    private List<Filters> ofBackends(List<JsonNode> refs, String where) {
        List<Filters> each = new ArrayList<>();
        for (int i = 0; i < refs.size(); i++) {
            each.add(filters.read(refs.get(i).path("filters"), where + ".backendRefs[" + i + "].filters"));
        }
        return each;
    }

    /**
     * With what all backends that get requests have in common. Where they change heads differently, each does so for itself, after the rule
     * ({@link RuleEdits}): all else must be the same.
     */
    private Filters together(Filters ofRule, List<Backend> found, List<Filters> each, String where) {
        List<Filters> asked = IntStream.range(0, found.size())
                .filter(i -> found.get(i).isAsked())
                .mapToObj(each::get)
                .toList();
        Filters first = asked.stream().findFirst().orElse(Filters.NONE);
        if (asked.stream().allMatch(first::equals)) {
            return ofRule.with(first);
        }
        if (!asked.stream().allMatch(filters -> filters.withEdits(first.edits()).equals(first))) {
            unsupported(
                    where + ".backendRefs",
                    "have different filters (expected: the same for all, but for changes of headers, or one backend)");
        }
        RuleEdits edits =
                RuleEdits.of(ofRule.edits(), asked.stream().map(Filters::edits).toList());
        for (int i = 0; i < found.size(); i++) {
            found.set(
                    i,
                    found.get(i).with(Filters.after(edits.moved(), each.get(i).edits())));
        }
        return ofRule.with(first).withEdits(edits.kept());
    }

    private void unread(JsonNode rule, String where) {
        for (String field : List.of("retry", "sessionPersistence")) {
            if (rule.has(field)) {
                unsupported(where + "." + field, "is not obeyed");
            }
        }
    }

    private Limits limits(JsonNode rule, Optional<Duration> request, String where) {
        Optional<Duration> attempt = duration(rule.path("timeouts"), "backendRequest", where + ".timeouts");
        Duration read = Stream.concat(request.stream(), attempt.stream())
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElseGet(() -> request.or(() -> attempt).orElse(usual.read()));
        return new Limits(usual.connect(), usual.send(), read, usual.tries());
    }

    private static Retries retries(Optional<Duration> request) {
        return new Retries(Set.of(Retries.On.ERROR), request.orElse(Duration.ZERO), false);
    }

    private Optional<Duration> duration(JsonNode timeouts, String field, String where) {
        if (!timeouts.has(field)) {
            return Optional.empty();
        }
        String text = timeouts.path(field).asText();
        Optional<Duration> parsed = GoDuration.parse(text);
        if (parsed.isEmpty()) {
            unsupported(where + "." + field, "is \"" + text + "\" (expected: a duration such as 500ms or 1m30s)");
        }
        return parsed;
    }
}
