package dev.linnet.gateway.log;

import dev.linnet.routing.Rule;
import dev.linnet.routing.Side;

/**
 * What the log says of a route. All of it is the primary's, as in ingress-nginx (spec §1.16).
 *
 * @param server      host of the rule, as nginx names its servers; {@code _} for all that no other one is for
 * @param alternative upstream name of the canary that was chosen; empty if none was
 * @param logged      whether the route's requests are in the log at all
 */
public record RouteNames(
        String server,
        String namespace,
        String ingress,
        String service,
        String port,
        String path,
        String upstream,
        String alternative,
        boolean logged) {

    /** Where no rule took the request. */
    static final RouteNames DEFAULT_BACKEND =
            new RouteNames("_", "", "", "", "", "", "upstream-default-backend", "", true);

    /** Where there was no request that a rule could take. */
    static final RouteNames NONE = new RouteNames("", "", "", "", "", "", "", "", true);

    public static RouteNames of(Side side) {
        return of(side.rule(), side.isCanary() ? side.backend().upstreamName() : "");
    }

    /** Of a rule that answered by itself. */
    public static RouteNames of(Rule rule) {
        return of(rule, "");
    }

    private static RouteNames of(Rule rule, String alternative) {
        return new RouteNames(
                rule.host().isEmpty() ? "_" : rule.host(),
                rule.source().namespace(),
                rule.source().name(),
                rule.primary().name(),
                rule.primary().port(),
                rule.path().path(),
                rule.primary().upstreamName(),
                alternative,
                rule.policy().observed().logged());
    }
}
