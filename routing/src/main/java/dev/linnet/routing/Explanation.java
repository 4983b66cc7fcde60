package dev.linnet.routing;

import java.util.List;
import java.util.Optional;

/**
 * Why a request goes where it goes.
 *
 * @param steps    what was asked, in order, in sentences
 * @param status   what the gateway itself would answer (404, 503, 301), 0 if it forwards
 * @param rule     the rule that matched
 * @param side     the version that this request would meet; where chance decides, the one that was drawn this time
 * @param chances  all versions that it could meet, and how likely
 * @param others   the host's other rules, and the rule's other versions, and why not they
 * @param problems what the authors of rule and canaries probably did not intend
 */
public record Explanation(
        List<String> steps,
        int status,
        Optional<Rule> rule,
        Optional<Target> side,
        List<Chance> chances,
        List<WhyNot> others,
        List<Problem> problems) {

    public Explanation {
        steps = List.copyOf(steps);
        chances = List.copyOf(chances);
        others = List.copyOf(others);
        problems = List.copyOf(problems);
    }

    /**
     * A version.
     *
     * @param side {@code primary} or {@code canary}
     */
    public record Target(String side, ServiceRef backend, ObjectRef source) {
        static Target of(Side side) {
            return new Target(side.name(), side.backend(), side.source());
        }
    }

    /**
     * How likely a version is for this request.
     *
     * @param share 0 to 1
     */
    public record Chance(Target target, double share) {}

    /**
     * Why not this one.
     *
     * @param what a route or a version
     */
    public record WhyNot(String what, String reason) {}
}
