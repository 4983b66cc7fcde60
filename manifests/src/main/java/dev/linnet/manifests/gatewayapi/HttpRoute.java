package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.VersionPairs;
import dev.linnet.manifests.VersionPairs.Pair;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.policy.Retries;
import java.util.List;
import java.util.Optional;

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
     * @param filters  of all of its requests
     * @param backends where its requests go, as written
     * @param asked    whom its requests may meet, the primary first, with what only each of them does; none if nobody gets any
     * @param retries  after what another endpoint is asked
     * @param jointly  how it takes part in a release of several things
     */
    record RouteRule(
            List<RouteMatch> matches,
            Filters filters,
            List<Backend> backends,
            List<Backend> asked,
            Limits limits,
            Retries retries,
            Optional<Jointly> jointly) {
        RouteRule {
            matches = List.copyOf(matches);
            backends = List.copyOf(backends);
            asked = List.copyOf(asked);
        }
    }

    /** Two versions that are released together with those of other things. */
    record Jointly(JointRelease release, Backend primary, Backend canary) {
        /** Those that get requests, and the two in front: one that gets none by weight may still be wanted by a request. */
        List<Backend> versions(List<Backend> weighted) {
            return VersionPairs.versions(
                    new Pair<>(primary.service(), canary.service()),
                    weighted,
                    Backend::service,
                    version -> (version.equals(canary.service()) ? canary : primary).withWeight(0));
        }

        boolean isCanary(Backend backend) {
            return backend.service().equals(canary.service());
        }
    }
}
