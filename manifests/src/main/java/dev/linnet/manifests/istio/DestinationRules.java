package dev.linnet.manifests.istio;

import dev.linnet.routing.Subset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** All DestinationRules, and which of them counts for a request (spec §2.2). */
final class DestinationRules {
    /** Where rules for everybody are, in every installation of Istio. */
    private static final String ROOT = "istio-system";

    private final Map<String, List<DestinationRule>> byNamespace = new HashMap<>();

    DestinationRules(Collection<DestinationRule> rules) {
        rules.stream()
                .sorted(Comparator.comparing(DestinationRule::object, IstioObject.OLDEST_FIRST))
                .forEach(rule -> byNamespace
                        .computeIfAbsent(rule.object().ref().namespace(), _ -> new ArrayList<>())
                        .add(rule));
    }

    /** What is said of a Service: those of the first namespace that has any, the most exact name, merged oldest first. */
    private List<DestinationRule> of(String host, String service, String client) {
        for (String namespace : List.of(client, service, ROOT)) {
            List<DestinationRule> found = byNamespace.getOrDefault(namespace, List.of()).stream()
                    .filter(rule -> Names.covers(rule.host(), host))
                    .filter(rule -> rule.exportTo().isEmpty() || rule.exportTo().contains(client))
                    .toList();
            Optional<String> narrowest =
                    found.stream().map(DestinationRule::host).max(Names.NARROWEST_LAST);
            if (narrowest.isPresent()) {
                return found.stream()
                        .filter(rule -> rule.host().equals(narrowest.get()))
                        .toList();
            }
        }
        return List.of();
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
        return byNamespace.values().stream()
                .flatMap(List::stream)
                .anyMatch(rule -> rule.policy().limits()
                        || rule.subsets().values().stream()
                                .anyMatch(part -> part.policy().limits()));
    }

    /** Names of subsets that are defined for a host, wherever. */
    Set<String> namesOf(String host) {
        Set<String> names = new HashSet<>();
        byNamespace
                .values()
                .forEach(rules -> rules.stream()
                        .filter(rule -> Names.covers(rule.host(), host))
                        .forEach(rule -> names.addAll(rule.subsets().keySet())));
        return names;
    }
}
