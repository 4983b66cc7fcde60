package dev.linnet.manifests.gatewayapi;

import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.policy.Retries;
import java.util.List;

/**
 * An HTTPRoute, read (spec §6.5).
 *
 * @param hostnames  none for those of the listener
 * @param parents    as written
 * @param unaccepted why nothing of it is served
 * @param unresolved what it refers to in vain; the rest is served
 */
record HttpRoute(
        GatewayApiObject object,
        List<Hostname> hostnames,
        List<ParentRef> parents,
        List<RouteRule> rules,
        List<Objection> unaccepted,
        List<Objection> unresolved) {

    HttpRoute {
        hostnames = List.copyOf(hostnames);
        parents = List.copyOf(parents);
        rules = List.copyOf(rules);
        unaccepted = List.copyOf(unaccepted);
        unresolved = List.copyOf(unresolved);
    }

    /**
     * One rule.
     *
     * @param matches  any of which must hold
     * @param backends where its requests go
     * @param retries  after what another endpoint is asked
     */
    record RouteRule(
            List<RouteMatch> matches, Filters filters, List<Backend> backends, Limits limits, Retries retries) {
        RouteRule {
            matches = List.copyOf(matches);
            backends = List.copyOf(backends);
        }
    }
}
