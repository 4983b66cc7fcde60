package dev.linnet.manifests.istio;

import dev.linnet.manifests.istio.VirtualService.HttpRule;
import dev.linnet.routing.Problem;
import dev.linnet.routing.Problem.Reason;

/** What an author should hear of the order of rules (spec §1.3, §8 row 10). */
final class RuleOrder {
    private RuleOrder() {}

    /** A rule behind one that takes every request. */
    static Problem dead(VirtualService service, HttpRule rule) {
        return new Problem(
                service.object().ref(),
                Reason.DEAD_RULE,
                rule.where(),
                "is never reached: a rule before it takes every request (expected: the rule for every request last)");
    }
}
