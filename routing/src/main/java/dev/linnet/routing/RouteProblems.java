package dev.linnet.routing;

import dev.linnet.routing.CanarySelector.HeaderRule;
import java.util.ArrayList;
import java.util.List;

/** What the authors of a route and its canaries probably did not intend. */
final class RouteProblems {
    private final Route route;
    private final Availability available;
    private final List<Problem> problems = new ArrayList<>();

    RouteProblems(Route route, Availability available) {
        this.route = route;
        this.available = available;
    }

    List<Problem> find() {
        Rule rule = route.rule();
        boolean standIn = rule.canaries().stream()
                .anyMatch(canary -> canary.selector().failover() && available.hasEndpoints(canary.backend()));
        endpoints(
                rule.source(),
                rule.primary(),
                standIn ? "all requests go to a canary" : "requests that no canary takes are answered 503");
        double sum = 0;
        for (Rule.CanarySide canary : rule.canaries()) {
            endpoints(canary.source(), canary.backend(), "its requests go to the primary");
            if (canary.selector().header().orElse(null) instanceof HeaderRule.Broken(String name, String pattern)) {
                problems.add(new Problem(
                        canary.source(),
                        Problem.Reason.BAD_ANNOTATION,
                        "header " + name,
                        "has pattern \"" + pattern
                                + "\" (expected: an RE2 expression): requests with this header stay with the primary"));
            }
            CanarySelector.Share share = canary.selector().share();
            sum += (double) share.weight() / share.total();
            if (sum > 1 + 1e-9) {
                problems.add(new Problem(
                        canary.source(),
                        Problem.Reason.WEIGHTS_EXCEED_TOTAL,
                        "weight",
                        "makes the canaries of this route " + Math.round(sum * 100)
                                + " % together (expected: at most 100): older canaries get theirs first"));
            }
        }
        if (rule.canaries().size() > Route.MOST_CANARIES) {
            problems.add(new Problem(
                    rule.source(),
                    Problem.Reason.CANARY_NOT_ATTACHED,
                    "canaries",
                    "are " + rule.canaries().size() + " (expected: at most " + Route.MOST_CANARIES
                            + "): the newest are left out"));
        }
        return problems;
    }

    private void endpoints(ObjectRef source, ServiceRef service, String effect) {
        if (!available.hasEndpoints(service)) {
            problems.add(new Problem(
                    source, Problem.Reason.BAD_SERVICE, "backend", service + " has no ready endpoints: " + effect));
        }
    }
}
