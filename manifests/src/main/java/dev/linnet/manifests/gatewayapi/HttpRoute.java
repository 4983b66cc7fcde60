package dev.linnet.manifests.gatewayapi;

import dev.linnet.manifests.VersionPairs;
import dev.linnet.manifests.VersionPairs.Pair;
import dev.linnet.routing.JointRelease;
import dev.linnet.routing.Rule.Limits;
import dev.linnet.routing.ServiceRef;
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
     * @param backends where its requests go
     * @param retries  after what another endpoint is asked
     * @param jointly  how it takes part in a release of several things
     */
    record RouteRule(
            List<RouteMatch> matches,
            Filters filters,
            List<Backend> backends,
            Limits limits,
            Retries retries,
            Optional<Jointly> jointly) {
        RouteRule {
            matches = List.copyOf(matches);
            backends = List.copyOf(backends);
        }

        RouteRule with(Jointly how) {
            return new RouteRule(matches, filters, backends, limits, retries, Optional.of(how));
        }

        /** Services that it names, whatever their weight. */
        List<ServiceRef> services() {
            return backends.stream()
                    .flatMap(backend -> backend.service().stream())
                    .toList();
        }

        /**
         * Whom its requests may meet, the primary first; none if nobody gets any. Of a joint release the other version too, which gets none
         * by weight.
         */
        List<Backend> asked() {
            List<Backend> weighted = backends.stream().filter(Backend::isAsked).toList();
            return weighted.isEmpty()
                    ? weighted
                    : jointly.map(how -> how.versions(weighted)).orElse(weighted);
        }
    }

    /** Two versions that are released together with those of other things. */
    record Jointly(JointRelease release, Pair<ServiceRef> pair) {
        private List<Backend> versions(List<Backend> named) {
            return VersionPairs.versions(
                    pair, named, backend -> backend.service().orElseThrow(), Backend::ofRelease);
        }

        boolean isCanary(Backend backend) {
            return backend.service().equals(Optional.of(pair.canary()));
        }
    }
}
