package dev.linnet.manifests.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.RuleEdits;
import dev.linnet.manifests.flagger.GoDuration;
import dev.linnet.manifests.gatewayapi.HttpRoute.Jointly;
import dev.linnet.manifests.gatewayapi.HttpRoute.RouteRule;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.policy.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads one HTTPRoute (spec §6.5). */
final class RouteReader {
    private static final String UNSUPPORTED = "UnsupportedValue";

    /** As Istio's. */
    private static final int USUAL_RETRIES = 2;

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
        List<JsonNode> written = route.spec().path("rules").valueStream().toList();
        List<List<Backend>> named = IntStream.range(0, written.size())
                .mapToObj(i -> backends(written.get(i), where(i)))
                .toList();
        JointBackends joint = new JointBackends(route, named);
        List<RouteRule> rules = IntStream.range(0, written.size())
                .mapToObj(i -> rule(written.get(i), where(i), named.get(i), joint.of(named.get(i))))
                .toList();
        return new HttpRoute(
                route,
                route.spec()
                        .path("hostnames")
                        .valueStream()
                        .map(name -> Hostname.of(name.asText()))
                        .toList(),
                ParentRef.all(route),
                rules,
                unaccepted,
                unresolved);
    }

    private static String where(int rule) {
        return "spec.rules[" + rule + "]";
    }

    private List<Backend> backends(JsonNode rule, String where) {
        List<Backend> read = new ArrayList<>();
        for (JsonNode ref : rule.path("backendRefs")) {
            String path = where + ".backendRefs[" + read.size() + "]";
            read.add(new Backend(
                    backends.service(ref, path),
                    Math.max(0, ref.path("weight").asInt(1)),
                    filters.read(ref.path("filters"), path + ".filters")));
        }
        return read;
    }

    private RouteRule rule(JsonNode rule, String where, List<Backend> named, Optional<Jointly> jointly) {
        List<RouteMatch> any = matches.read(rule.path("matches"), where + ".matches");
        Filters written = filters.read(rule.path("filters"), where + ".filters");
        Together all = together(written, asked(named, jointly), where);
        if (all.filters
                                .path()
                                .or(() -> all.filters.redirect().flatMap(Filters.Redirect::path))
                                .orElse(null)
                        instanceof Filters.NewPath.Prefix
                && !any.stream().allMatch(match -> match.path() instanceof RouteMatch.Path.Prefix)) {
            unsupported(
                    where + ".filters",
                    "replace the prefix of a path that is not matched by prefix (expected: type PathPrefix in matches)");
        }
        unread(rule, where);
        Optional<Duration> request = duration(rule.path("timeouts"), "request", where + ".timeouts");
        return new RouteRule(
                any,
                all.filters,
                named,
                all.asked,
                limits(rule, request, where),
                retries(rule.path("retry"), request, where + ".retry"),
                jointly);
    }

    private static List<Backend> asked(List<Backend> named, Optional<Jointly> jointly) {
        List<Backend> weighted = named.stream().filter(Backend::isAsked).toList();
        return weighted.isEmpty()
                ? weighted
                : jointly.map(how -> how.versions(weighted)).orElse(weighted);
    }

    /** @param asked with what only each of them does */
    private record Together(Filters filters, List<Backend> asked) {}

    /**
     * With what all backends that may be asked have in common. Where they change heads differently, each does so for itself, after the rule
     * ({@link RuleEdits}): all else must be the same.
     */
    private Together together(Filters ofRule, List<Backend> asked, String where) {
        Filters same = asked.stream().findFirst().map(Backend::filters).orElse(Filters.NONE);
        if (asked.stream().map(Backend::filters).allMatch(same::equals)) {
            return new Together(
                    ofRule.with(same),
                    asked.stream().map(backend -> backend.with(Filters.NONE)).toList());
        }
        List<Filters> each = asked.stream()
                .map(backend -> backend.filters().withHostInHead())
                .toList();
        Filters first = each.getFirst();
        if (!each.stream().allMatch(filters -> filters.withEdits(first.edits()).equals(first))) {
            unsupported(
                    where + ".backendRefs",
                    "have different filters (expected: the same for all, but for headers and the Host, or one backend)");
        }
        RuleEdits edits =
                RuleEdits.of(ofRule.edits(), each.stream().map(Filters::edits).toList());
        return new Together(
                ofRule.with(first).withEdits(edits.kept()),
                asked.stream()
                        .map(backend -> backend.with(Filters.NONE.withEdits(Filters.after(
                                edits.moved(),
                                backend.filters().withHostInHead().edits()))))
                        .toList());
    }

    private void unread(JsonNode rule, String where) {
        if (rule.has("sessionPersistence")) {
            unsupported(where + ".sessionPersistence", "is not obeyed");
        }
    }

    private Limits limits(JsonNode rule, Optional<Duration> request, String where) {
        Optional<Duration> attempt = duration(rule.path("timeouts"), "backendRequest", where + ".timeouts");
        Duration read = Stream.concat(request.stream(), attempt.stream())
                .filter(Duration::isPositive)
                .min(Duration::compareTo)
                .orElseGet(() -> request.or(() -> attempt).orElse(usual.read()));
        JsonNode retry = rule.path("retry");
        int tries =
                retry.isMissingNode() ? usual.tries() : retry.path("attempts").asInt(USUAL_RETRIES) + 1;
        return new Limits(usual.connect(), usual.send(), read, Math.max(1, tries));
    }

    /** Connections that fail are tried again in any case, attempts that take too long where something is said of retries. */
    private Retries retries(JsonNode retry, Optional<Duration> request, String where) {
        Set<Retries.On> on = EnumSet.of(Retries.On.ERROR);
        if (!retry.isMissingNode()) {
            on.add(Retries.On.TIMEOUT);
        }
        Duration backoff = duration(retry, "backoff", where).orElse(Duration.ZERO);
        return Retries.likeIstio(on, codes(retry, where), request.orElse(Duration.ZERO), backoff);
    }

    private Set<Integer> codes(JsonNode retry, String where) {
        Set<Integer> codes = new HashSet<>();
        int index = 0;
        for (JsonNode node : retry.path("codes")) {
            String path = where + ".codes[" + index++ + "]";
            int code = node.asInt();
            if (code >= 400 && code <= 599) {
                codes.add(code);
            } else {
                unsupported(path, "is " + node.asText() + " (expected: 400 to 599)");
            }
        }
        return codes;
    }

    private Optional<Duration> duration(JsonNode in, String field, String where) {
        if (!in.has(field)) {
            return Optional.empty();
        }
        String text = in.path(field).asText();
        Optional<Duration> parsed = GoDuration.parse(text);
        if (parsed.isEmpty()) {
            unsupported(where + "." + field, "is \"" + text + "\" (expected: a duration such as 500ms or 1m30s)");
        }
        return parsed;
    }
}
