package dev.linnet.manifests.gatewayapi;

import dev.linnet.routing.ObjectRef;
import dev.linnet.routing.Problem;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands against an object.
 *
 * @param reason  of the condition that does not hold for it
 * @param problem for its author
 */
record Objection(String reason, Problem problem) {

    static Objection of(ObjectRef object, String reason, Problem.Reason kind, String path, String message) {
        return new Objection(reason, new Problem(object, kind, path, message));
    }

    String text() {
        return problem.path() + " " + problem.message();
    }

    /** A condition that holds if nothing stands against it; else the first says why. */
    static Condition condition(String type, List<Objection> objections, String otherwise) {
        if (objections.isEmpty()) {
            return Condition.yes(type, otherwise);
        }
        String all =
                objections.stream().map(Objection::text).distinct().limit(10).collect(Collectors.joining("; "));
        return Condition.no(type, objections.getFirst().reason, all);
    }
}
