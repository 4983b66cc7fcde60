package dev.linnet.manifests.istio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.linnet.manifests.ingress.Finding;
import dev.linnet.manifests.ingress.Judgement.Standing;
import dev.linnet.manifests.istio.VirtualService.Destination;
import dev.linnet.manifests.istio.VirtualService.HttpMatch;
import dev.linnet.manifests.istio.VirtualService.HttpRule;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.RequestMatch.Part;
import dev.linnet.routing.ServiceRef;
import dev.linnet.routing.Subset;
import dev.linnet.routing.TextMatch;
import dev.linnet.routing.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What authors of VirtualServices seldom mean, though it can be obeyed (spec §8). */
final class Traps {
    private Traps() {}

    /**
     * Rules of which others before them take all requests. Of those behind a rule for every request {@link RuleOrder} tells, which knows where
     * that is asked.
     */
    static List<Problem> shadowed(ObjectRef object, List<HttpRule> rules) {
        List<Problem> found = new ArrayList<>();
        for (int i = 1; i < rules.size(); i++) {
            HttpRule late = rules.get(i);
            List<HttpRule> before = rules.subList(0, i);
            List<Optional<HttpRule>> takers = late.matches().stream()
                    .map(match -> before.stream()
                            .filter(rule -> rule.matches().stream().anyMatch(early -> takes(early, match)))
                            .findFirst())
                    .toList();
            if (!takers.isEmpty() && takers.stream().allMatch(Optional::isPresent)) {
                found.add(new Problem(
                        object,
                        Reason.DEAD_RULE,
                        late.where(),
                        "is never reached: its requests are taken by "
                                + takers.stream()
                                        .flatMap(Optional::stream)
                                        .map(HttpRule::where)
                                        .distinct()
                                        .collect(Collectors.joining(" and "))
                                + " before (expected: the rule for fewer requests first)"));
            }
        }
        return found;
    }

    /** Whether all requests of one entry are also those of an earlier one, for whoever it is. */
    private static boolean takes(HttpMatch early, HttpMatch late) {
        boolean everywhere = early.gateways().isEmpty()
                || (!late.gateways().isEmpty() && early.gateways().containsAll(late.gateways()));
        boolean anybody = !early.gateways().isEmpty()
                || early.source().isAny()
                || (late.gateways().isEmpty() && early.source().equals(late.source()));
        return !early.isCatchAll()
                && everywhere
                && anybody
                && (early.port().isEmpty() || early.port().equals(late.port()))
                && early.parts().stream()
                        .allMatch(wanted -> late.parts().stream().anyMatch(has -> implies(has, wanted)));
    }

    private static boolean implies(Part has, Part wanted) {
        return switch (wanted) {
            case Part.Path(TextMatch.Begins(String beginning), boolean anyCase) ->
                has instanceof Part.Path path && begins(path, beginning, anyCase);
            case Part.Header(String name, TextMatch.IsThere _) ->
                has instanceof Part.Header header && header.name().equalsIgnoreCase(name);
            case Part.Query(String name, TextMatch.IsThere _) ->
                has instanceof Part.Query query && query.name().equals(name);
            case Part.Path _,
                    Part.Header _,
                    Part.Query _,
                    Part.Method _,
                    Part.Authority _,
                    Part.Secure _,
                    Part.NotHeader _,
                    Part.From _,
                    Part.FromOthers _ -> has.equals(wanted);
        };
    }

    private static boolean begins(Part.Path path, String beginning, boolean anyCase) {
        String text = switch (path.text()) {
            case TextMatch.Is(String whole) -> whole;
            case TextMatch.Begins(String part) -> part;
            case TextMatch.Below(String part) -> part;
            case TextMatch.Matches _, TextMatch.IsThere _ -> "";
        };
        return anyCase
                ? text.toLowerCase(Locale.ROOT).startsWith(beginning.toLowerCase(Locale.ROOT))
                : text.startsWith(beginning) && !path.anyCase();
    }

    /**
     * Subsets to which a part of the requests goes though no Pod is in them. Of namespaces without Pods nothing is said: they are not known.
     *
     * @param pods that there are
     */
    static List<Problem> emptySubsets(VirtualService service, DestinationRules subsets, Collection<Workload> pods) {
        return service.rules().stream()
                .map(HttpRule::destinations)
                .flatMap(all -> all.stream().filter(each -> all.size() == 1 || each.weight() > 0))
                .filter(destination -> !destination.subset().isEmpty())
                .flatMap(destination -> empty(service.object().ref(), destination, subsets, pods).stream())
                .toList();
    }

    private static Optional<Problem> empty(
            ObjectRef object, Destination destination, DestinationRules subsets, Collection<Workload> pods) {
        String namespace =
                Names.service(destination.host(), "").map(ServiceRef::namespace).orElse("");
        List<Workload> there =
                pods.stream().filter(pod -> pod.namespace().equals(namespace)).toList();
        Subset subset = subsets.subset(destination.subset(), destination.host(), namespace, namespace);
        boolean isEmpty = subset.labels().isPresent()
                && !there.isEmpty()
                && there.stream().noneMatch(pod -> subset.takes(pod.labels()));
        return isEmpty
                ? Optional.of(new Problem(
                        object,
                        Reason.BAD_SERVICE,
                        destination.where() + ".destination.subset",
                        "is " + subset.name() + ", and no Pod of namespace " + namespace + " has its labels "
                                + labels(subset) + ": its requests are answered 503"))
                : Optional.empty();
    }

    private static String labels(Subset subset) {
        return subset.labels().orElseThrow().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }

    /** Prefixes of paths that end within an element, which Istio compares letter by letter. */
    static List<Finding> prefixes(JsonNode spec) {
        List<Finding> found = new ArrayList<>();
        int rule = 0;
        for (JsonNode http : spec.path("http")) {
            String where = "spec.http[" + rule++ + "]";
            String rewrite = http.path("rewrite").path("uri").asText("");
            int entry = 0;
            for (JsonNode match : http.path("match")) {
                String prefix = match.path("uri").path("prefix").asText("");
                String path = where + ".match[" + entry++ + "].uri.prefix";
                if (prefix.isEmpty() || prefix.endsWith("/")) {
                    continue;
                }
                found.add(new Finding(
                        path,
                        Standing.DIFFERS,
                        "is " + prefix + ", which takes " + prefix
                                + "x, too, as in Istio (for whole elements of paths: prefix " + prefix + "/ and exact "
                                + prefix + ")"));
                if (rewrite.endsWith("/")) {
                    found.add(new Finding(
                            where + ".rewrite.uri",
                            Standing.DIFFERS,
                            "is " + rewrite + ", so " + prefix + "/a becomes " + rewrite + "/a (expected: prefix "
                                    + prefix + "/, or no slash at the end)"));
                }
            }
        }
        return found;
    }
}
