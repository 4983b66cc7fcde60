package dev.linnet.routing.policy;

import java.util.Optional;

/**
 * What a route does with requests beside choosing their backend. One component for each concern; what nobody asked for is empty, and
 * costs nothing when requests are served.
 *
 * @param versionHeader name of a response header that tells which version has answered
 * @param upstream      how endpoints are spoken to
 */
public record Policy(Optional<String> versionHeader, Upstream upstream) {
    /** Asks for nothing. */
    public static final Policy NONE = new Policy(Optional.empty(), Upstream.NONE);

    public Policy withVersionHeader(String name) {
        return new Policy(Optional.of(name), upstream);
    }

    public Policy withUpstream(Upstream how) {
        return new Policy(versionHeader, how);
    }
}
