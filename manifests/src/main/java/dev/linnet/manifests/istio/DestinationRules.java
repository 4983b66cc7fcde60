package dev.linnet.manifests.istio;

import dev.linnet.routing.Subset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All DestinationRules, and which of them counts for a request (spec §2.2). */
final class DestinationRules {
    /** Where rules for everybody are, in every installation of Istio. */
    private static final String ROOT = "istio-system";

    private final Map<String, ByHost<DestinationRule>> byNamespace;
    private final ByHost<DestinationRule> all;
    private final boolean limits;

    DestinationRules(Collection<DestinationRule> rules) {
        List<DestinationRule> oldestFirst = rules.stream()
                .sorted(Comparator.comparing(DestinationRule::object, IstioObject.OLDEST_FIRST))
                .toList();
        this.all = byHost(oldestFirst);
        this.byNamespace = oldestFirst.stream()
                .collect(Collectors.groupingBy(
                        rule -> rule.object().ref().namespace(),
                        Collectors.collectingAndThen(Collectors.toList(), DestinationRules::byHost)));
        this.limits = rules.stream().anyMatch(DestinationRule::limits);
    }

    private static ByHost<DestinationRule> byHost(List<DestinationRule> rules) {
        return new ByHost<>(rules, rule -> List.of(rule.host()));
    }

    /** What is said of a Service: those of the first namespace that has any, the most exact name, merged oldest first. */
    private List<DestinationRule> of(String host, String service, String client) {
        return Stream.of(client, service, ROOT)
                .flatMap(namespace -> Optional.ofNullable(byNamespace.get(namespace)).stream())
                .flatMap(rules -> rules.of(host))
                .map(rules ->
                        rules.stream().filter(rule -> rule.isVisibleIn(client)).toList())
                .filter(rules -> !rules.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** A subset as the caller sees it; one that nobody defines has no endpoints. */
    Subset subset(String name, String host, String service, String client) {
        if (name.isEmpty()) {
            return Subset.ALL;
        }
        return part(name, of(host, service, client))
                .map(part -> Subset.of(name, part.labels()))
                .orElseGet(() -> Subset.undefined(name));
    }

    private static Optional<DestinationRule.Part> part(String name, List<DestinationRule> rules) {
        return rules.stream()
                .flatMap(rule -> Optional.ofNullable(rule.subsets().get(name)).stream())
                .findFirst();
    }

    /**
     * What counts for requests to a Service or a subset of it.
     *
     * @param port of the Service, if it is known
     */
    PolicyBlocks policy(String subset, String host, String service, String client, OptionalInt port) {
        List<DestinationRule> found = of(host, service, client);
        PolicyBlocks all = found.stream()
                .map(DestinationRule::policy)
                .filter(policy -> !policy.equals(PolicyBlocks.NONE))
                .findFirst()
                .orElse(PolicyBlocks.NONE);
        return part(subset, found)
                .map(DestinationRule.Part::policy)
                .orElse(PolicyBlocks.NONE)
                .over(all, port);
    }

    /** Whether any says more than subsets and how endpoints are chosen. */
    boolean limit() {
        return limits;
    }

    /** Names of subsets that are defined for a host, wherever. */
    Set<String> namesOf(String host) {
        return all.of(host)
                .flatMap(List::stream)
                .flatMap(rule -> rule.subsets().keySet().stream())
                .collect(Collectors.toSet());
    }
}
