package dev.linnet.manifests.istio;

import dev.linnet.manifests.istio.VirtualService.HttpRule;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What authors should hear of the order of their rules (spec §1.3, §8 row 10), after all places where these are served have been looked at:
 * a rule that others hide at one port may well be reached at another one.
 */
final class RuleOrder {
    private final Set<Problem> behind = new LinkedHashSet<>();
    private final Set<Problem> reached = new HashSet<>();

    /** A rule takes requests somewhere. */
    void reached(VirtualService service, HttpRule rule) {
        reached.add(dead(service, rule));
    }

    /** A rule stands behind one that takes every request, somewhere. */
    void behind(VirtualService service, HttpRule rule) {
        behind.add(dead(service, rule));
    }

    private static Problem dead(VirtualService service, HttpRule rule) {
        return new Problem(
                service.object().ref(),
                Reason.DEAD_RULE,
                rule.where(),
                "is never reached: a rule before it takes every request (expected: the rule for every request last)");
    }

    /** Rules that are hidden and reached nowhere. */
    List<Problem> problems() {
        return behind.stream().filter(problem -> !reached.contains(problem)).toList();
    }
}
