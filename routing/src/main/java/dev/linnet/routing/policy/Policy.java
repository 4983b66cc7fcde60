package dev.linnet.routing.policy;

import java.util.Optional;

/**
 * What a route does with requests beside choosing their backend. One component for each concern; what nobody asked for is empty, and
 * costs nothing when requests are served.
 *
 * @param versionHeader name of a response header that tells which version has answered
 * @param upstream      how endpoints are spoken to
 * @param balancing     which endpoint of the primary gets a request; canaries have their own
 * @param affinity      whether clients stay with an endpoint, and so with their version
 * @param observed      what is told of its requests
 */
public record Policy(
        Optional<String> versionHeader,
        Upstream upstream,
        Balancing balancing,
        Optional<Affinity> affinity,
        Observed observed) {
    /** Asks for nothing. */
    public static final Policy NONE =
            new Policy(Optional.empty(), Upstream.NONE, Balancing.UNSAID, Optional.empty(), Observed.USUALLY);

    public Policy withVersionHeader(String name) {
        return new Policy(Optional.of(name), upstream, balancing, affinity, observed);
    }

    public Policy withUpstream(Upstream other) {
        return new Policy(versionHeader, other, balancing, affinity, observed);
    }

    public Policy withBalancing(Balancing other) {
        return new Policy(versionHeader, upstream, other, affinity, observed);
    }

    public Policy withAffinity(Affinity cookie) {
        return new Policy(versionHeader, upstream, balancing, Optional.of(cookie), observed);
    }

    public Policy withObserved(Observed other) {
        return new Policy(versionHeader, upstream, balancing, affinity, other);
    }
}
