package dev.linnet.manifests.istio;

import dev.linnet.manifests.VersionPairs;
import dev.linnet.manifests.VersionPairs.Pair;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.Problem;
import dev.linnet.routing.RequestMatch;
import dev.linnet.routing.RequestMatch.Source;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.TextMatch;
import dev.linnet.routing.policy.FixedAnswer;
import dev.linnet.routing.policy.HeadEdits;
import dev.linnet.routing.policy.Policy;
import dev.linnet.routing.policy.Redirects.Elsewhere;
import dev.linnet.routing.policy.Rewrite;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A VirtualService, read.
 *
 * @param hosts    whole names, or patterns with a star in front; none for one that others delegate to
 * @param gateways {@code mesh}, or {@code namespace/name}
 * @param exportTo namespaces that may see it; empty for all
 * @param rules    in their order
 * @param problems what could not be understood, or is not done
 */
public record VirtualService(
        IstioObject object,
        List<String> hosts,
        List<String> gateways,
        Set<String> exportTo,
        List<HttpRule> rules,
        List<Problem> problems) {
    public VirtualService {
        hosts = List.copyOf(hosts);
        gateways = List.copyOf(gateways);
        exportTo = Set.copyOf(exportTo);
        rules = List.copyOf(rules);
        problems = List.copyOf(problems);
    }

    boolean isFor(String gateway) {
        return gateways.contains(gateway);
    }

    /** That some of its rules are for alone. */
    Set<Integer> ports() {
        return rules.stream()
                .flatMap(rule -> rule.matches().stream())
                .flatMapToInt(match -> match.port().stream())
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean isVisibleIn(String namespace) {
        return exportTo.isEmpty() || exportTo.contains(namespace);
    }

    /**
     * One entry of {@code http}.
     *
     * @param where   the field: {@code spec.http[0]}, or {@code spec.http[0].delegate.spec.http[1]}
     * @param matches any of them; none for every request
     * @param mirrors who gets copies of requests
     * @param policy  what is done with requests beside choosing their backend, as far as matches have no say in it
     * @param jointly how it takes part in a release of several things
     */
    record HttpRule(
            String where,
            List<HttpMatch> matches,
            Action action,
            List<Copies> mirrors,
            Optional<UriRewrite> rewrite,
            Limits limits,
            Policy policy,
            Optional<Jointly> jointly) {
        HttpRule {
            matches = List.copyOf(matches);
            mirrors = List.copyOf(mirrors);
        }

        HttpRule with(Jointly how) {
            return new HttpRule(where, matches, action, mirrors, rewrite, limits, policy, Optional.of(how));
        }

        /** Whether some requests of a place can match it. */
        boolean isFor(Predicate<HttpMatch> place) {
            return matches.isEmpty() || matches.stream().anyMatch(place);
        }

        /** Those that it names; none if it leads nowhere. */
        List<Destination> destinations() {
            return action instanceof Action.Forward(List<Destination> destinations) ? destinations : List.of();
        }
    }

    /** Two versions that are released together with those of other things. */
    record Jointly(JointRelease release, Destination primary, Destination canary) {
        /** Those of a rule, and the two in front: one that the rule does not name gets no requests by weight. */
        List<Destination> versions(List<Destination> named) {
            List<Destination> weighted =
                    named.size() == 1 ? List.of(named.getFirst().withWeight(1)) : named;
            return VersionPairs.versions(
                    new Pair<>(primary.bare(), canary.bare()),
                    weighted,
                    Destination::bare,
                    version -> (isCanary(version) ? canary : primary).withWeight(0));
        }

        boolean isCanary(Destination destination) {
            return destination.bare().equals(canary.bare());
        }
    }

    /** @param parts of {@link dev.linnet.routing.policy.Mirror#ALL} requests that are copied */
    record Copies(Destination to, int parts) {}

    /** What is done with a request. */
    sealed interface Action {
        record Forward(List<Destination> destinations) implements Action {
            public Forward {
                destinations = List.copyOf(destinations);
            }
        }

        /** @param path what becomes of the path, if anything */
        record Redirect(Elsewhere.ToParts to, Optional<UriRewrite> path, boolean toListenerPort) implements Action {}

        record Answer(FixedAnswer answer) implements Action {}

        /** It is too broken to say. Its requests are answered 503, as Istio would have refused the object. */
        record Nothing() implements Action {}
    }

    /**
     * Where a part of the requests goes.
     *
     * @param host   whole name
     * @param subset empty for all Pods
     * @param weight relative to the others; 0 if nothing was said
     * @param edits  of heads
     */
    record Destination(String where, String host, String subset, OptionalInt port, int weight, HeadEdits edits) {
        Destination withWeight(int other) {
            return new Destination(where, host, subset, port, other, edits);
        }

        /** Only where it leads: equal ones lead to the same Pods. */
        Destination bare() {
            return new Destination("", host, subset, port, 0, HeadEdits.NONE);
        }
    }

    /** What becomes of a path. */
    sealed interface UriRewrite {
        /** The beginning that was matched becomes this; the whole path, if it was matched otherwise. */
        record Matched(String uri) implements UriRewrite {}

        /** The whole path becomes this. */
        record Whole(String uri) implements UriRewrite {}

        /** As the expression says. */
        record ByPattern(Rewrite rewrite) implements UriRewrite {}
    }

    /**
     * One entry of {@code match}.
     *
     * @param uri      condition on the path, if there is one; it is also among the parts
     * @param parts    all conditions on the request itself
     * @param port     of the listener
     * @param gateways that it is for instead of the object's; then the source does not count
     * @param source   who asks
     */
    record HttpMatch(
            Optional<RequestMatch.Part.Path> uri,
            List<RequestMatch.Part> parts,
            OptionalInt port,
            List<String> gateways,
            Source source) {
        HttpMatch {
            parts = List.copyOf(parts);
            gateways = List.copyOf(gateways);
        }

        /** Whether it is for every request of whoever it is for (spec §1.3). */
        boolean isCatchAll() {
            return parts.stream().allMatch(part -> part instanceof RequestMatch.Part.Path path && isAnyPath(path));
        }

        private static boolean isAnyPath(RequestMatch.Part.Path path) {
            return switch (path.text()) {
                case TextMatch.Begins(String text) -> text.isEmpty() || text.equals("/");
                case TextMatch.Matches(var pattern) -> pattern.pattern().equals(".*");
                case TextMatch.Is _, TextMatch.Below _, TextMatch.IsThere _ -> false;
            };
        }

        /** The path for people. */
        String path() {
            return uri.map(found -> switch (found.text()) {
                        case TextMatch.Is(String text) -> text;
                        case TextMatch.Begins(String text) -> text.isEmpty() ? "/" : text;
                        case TextMatch.Matches(var pattern) -> pattern.pattern();
                        case TextMatch.Below(String path) -> path;
                        case TextMatch.IsThere _ -> "/";
                    })
                    .orElse("/");
        }
    }
}
