package dev.linnet.gateway.feed;

import dev.linnet.manifests.endpoints.ServiceName;
import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import dev.linnet.routing.Rule;
import dev.linnet.routing.Rule.CanarySide;
import dev.linnet.routing.ServiceRef;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which Ingresses lead to which Services, so that their authors hear of one that cannot serve. Used by one thread. */
final class Backends {
    private final Map<ObjectRef, Map<Use, Integer>> usesOf = new HashMap<>();
    private final Map<ServiceName, Map<ObjectRef, Integer>> usersOf = new HashMap<>();
    private final Set<ObjectRef> touched = new LinkedHashSet<>();

    /** One way in which an Ingress leads to a Service port. */
    private record Use(ServiceRef backend, boolean canary, boolean alone) {}

    void rulesChanged(Collection<Rule> before, Collection<Rule> after) {
        after.forEach(rule -> count(rule, 1));
        before.forEach(rule -> count(rule, -1));
    }

    private void count(Rule rule, int more) {
        if (rule.primary().equals(ServiceRef.NOBODY)) {
            return; // it answers by itself
        }
        if (!rule.isOrdered() || rule.leavesPrimaryAShare()) {
            count(rule.source(), new Use(rule.primary(), false, rule.isOrdered()), more);
        }
        for (CanarySide canary : rule.canaries()) {
            if (!canary.selector().selectsNothing()) { // tools let a canary without requests rest without Pods
                count(canary.source(), new Use(canary.backend(), true, rule.isOrdered()), more);
            }
        }
    }

    private void count(ObjectRef ingress, Use use, int more) {
        boolean changed = add(usesOf, ingress, use, more);
        add(usersOf, ServiceName.of(use.backend), ingress, more);
        if (changed) {
            touched.add(ingress);
        }
    }

    /** Whether something appeared or went. It may do both in one change, which costs a look too many. */
    private static <K, V> boolean add(Map<K, Map<V, Integer>> all, K key, V value, int more) {
        Map<V, Integer> counts = all.computeIfAbsent(key, _ -> HashMap.newHashMap(1));
        int count = counts.merge(value, more, Integer::sum);
        if (count == 0) {
            counts.remove(value);
        }
        if (counts.isEmpty()) {
            all.remove(key);
        }
        return count == 0 || count == more;
    }

    /** A Service came, went, or has other endpoints. */
    void serviceChanged(ServiceName name) {
        touched.addAll(usersOf.getOrDefault(name, Map.of()).keySet());
    }

    /** The Ingresses to which something may have happened since the last call. */
    Set<ObjectRef> takeTouched() {
        Set<ObjectRef> taken = new LinkedHashSet<>(touched);
        touched.clear();
        return taken;
    }

    /**
     * What the author of an Ingress should hear about the Services that it leads to.
     *
     * @param lack what a Service port lacks, if anything
     */
    List<Problem> problems(ObjectRef ingress, Function<ServiceRef, Optional<Lack>> lack) {
        return usesOf.getOrDefault(ingress, Map.of()).keySet().stream()
                .flatMap(use -> lack.apply(use.backend).map(what -> problem(ingress, use, what)).stream())
                .sorted(Comparator.comparing(Problem::message))
                .toList();
    }

    private static Problem problem(ObjectRef ingress, Use use, Lack lack) {
        String effect = use.alone
                ? "its requests are answered 503"
                : use.canary ? "its requests go to the primary" : "requests that no canary takes are answered 503";
        return new Problem(
                ingress,
                Reason.BAD_SERVICE,
                "backend",
                switch (lack) {
                    case NO_SERVICE -> use.backend + " is a Service that does not exist: " + effect;
                    case NO_ENDPOINT -> use.backend + " has no ready endpoints: " + effect;
                });
    }

    /** What the worst Service of an Ingress lacks; empty if all can serve. */
    Optional<Lack> lack(ObjectRef ingress, Function<ServiceRef, Optional<Lack>> lack) {
        return usesOf.getOrDefault(ingress, Map.of()).keySet().stream()
                .flatMap(use -> lack.apply(use.backend).stream())
                .min(Comparator.naturalOrder());
    }
}
