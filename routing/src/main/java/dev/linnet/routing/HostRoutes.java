package dev.linnet.routing;

import dev.linnet.routing.Rule.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All routes of one host, compiled. As nginx does (spec §5.2.1), a prefix {@code /foo} is two things: exactly {@code /foo}, and
 * whatever begins with {@code /foo/}. So only the slashes of a path can end a prefix.
 */
final class HostRoutes {
    private final String host;
    private final List<Rule> rules;
    private final PathIndex paths;
    private final PathPattern[] patterns;
    private final Route[] ordered;
    private final RequestTest[] conditions;
    private final int longest;
    private final String listener;

    HostRoutes(String host, List<Rule> rules) {
        this.host = host;
        this.rules = List.copyOf(rules);
        Map<String, Match> whole = new LinkedHashMap<>();
        Map<String, Match> beginnings = new LinkedHashMap<>();
        List<PathPattern> inOrder = new ArrayList<>();
        List<Route> inTurn = new ArrayList<>();
        fill(whole, beginnings, inOrder, inTurn);
        this.paths = new PathIndex(whole, beginnings);
        this.patterns = inOrder.toArray(PathPattern[]::new);
        this.ordered = inTurn.toArray(Route[]::new);
        this.conditions = inTurn.stream()
                .map(route -> RequestTest.of(((PathMatch.Ordered) route.rule().path()).match()))
                .toArray(RequestTest[]::new);
        this.longest = Math.max(longest(whole), longest(beginnings));
        this.listener = rules.stream()
                .flatMap(rule -> rule.policy().listener().stream())
                .findFirst()
                .orElse("");
    }

    /** In order of precedence: what stands there literally, what a prefix implies, where a slash is missing. */
    private void fill(
            Map<String, Match> whole, Map<String, Match> beginnings, List<PathPattern> inOrder, List<Route> inTurn) {
        List<Route> routes = rules.stream().map(Route::new).toList();
        for (Route route : routes) {
            switch (route.rule().path()) {
                case PathMatch.Exact(String path) -> whole.putIfAbsent(path, route);
                case PathMatch.Prefix(String path) when path.endsWith("/") -> beginnings.putIfAbsent(path, route);
                case PathMatch.Prefix _ -> {}
                case PathMatch.Ordered _ -> inTurn.add(route);
                case PathMatch.Regex regex -> inOrder.add(new PathPattern(route, regex));
            }
        }
        for (Route route : routes) {
            if (route.rule().path() instanceof PathMatch.Prefix(String path) && !path.endsWith("/")) {
                whole.putIfAbsent(path, route);
                beginnings.putIfAbsent(path + "/", route);
            }
        }
        for (Route route : routes) {
            String path = route.rule().path().path();
            boolean isLiteral = switch (route.rule().path()) {
                case PathMatch.Exact _, PathMatch.Prefix _ -> true;
                case PathMatch.Regex _, PathMatch.Ordered _ -> false;
            };
            if (isLiteral && path.endsWith("/") && path.length() > 1) {
                whole.putIfAbsent(path.substring(0, path.length() - 1), new Match.SlashRedirect(route.rule(), path));
            }
        }
    }

    private static int longest(Map<String, Match> entries) {
        return entries.keySet().stream()
                .mapToInt(path -> path.getBytes(StandardCharsets.UTF_8).length)
                .max()
                .orElse(0);
    }

    String host() {
        return host;
    }

    /** Which of several listeners over TLS it belongs to; empty where there is but one. */
    String listener() {
        return listener;
    }

    List<Rule> rules() {
        return rules;
    }

    /** Rules in their order first, then by path. */
    Match find(RequestView request) {
        for (int i = 0; i < ordered.length; i++) {
            if (conditions[i].holds(request)) {
                return ordered[i];
            }
        }
        return find(request.bytes(), request.pathStart(), request.pathEnd());
    }

    Match find(byte[] bytes, int start, int end) {
        Match literal = findLiteral(bytes, start, end);
        return patterns.length == 0 || literal instanceof Route ? literal : findPattern(bytes, start, end, literal);
    }

    private Match findPattern(byte[] bytes, int start, int end, Match otherwise) {
        byte @Nullable [] path = null;
        for (PathPattern pattern : patterns) {
            if (pattern.mayMatch(bytes, start, end)) {
                path = path == null ? Arrays.copyOfRange(bytes, start, end) : path;
                if (pattern.matches(path)) {
                    return pattern.route();
                }
            }
        }
        return otherwise;
    }

    /** One walk over the path: the exact entry first, else the longest prefix. */
    private Match findLiteral(byte[] bytes, int start, int end) {
        int stop = Math.min(end, start + longest);
        int hash = 0;
        Match best = Match.Unmatched.NO_PATH;
        for (int i = start; i < stop; i++) {
            byte b = bytes[i];
            if (b == '/') {
                Match longer = paths.beginning(hash, bytes, start, i);
                best = longer == null ? best : longer;
            }
            hash = PathIndex.step(hash, b);
        }
        if (stop == end) {
            @Nullable Match whole = paths.whole(hash, bytes, start, end);
            return whole == null ? best : whole;
        }
        return best;
    }
}
