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
 * @param clients       whom the host lets in; empty for anybody
 * @param redirects     who is sent elsewhere
 * @param target        what backends are asked for
 */
public record Policy(
        Optional<String> versionHeader,
        Upstream upstream,
        Balancing balancing,
        Optional<Affinity> affinity,
        Optional<ClientAuth> clients,
        Redirects redirects,
        BackendTarget target) {
    /** Asks for nothing. */
    public static final Policy NONE = new Policy(
            Optional.empty(),
            Upstream.NONE,
            Balancing.UNSAID,
            Optional.empty(),
            Optional.empty(),
            Redirects.NONE,
            BackendTarget.NONE);

    public Policy withVersionHeader(String name) {
        return new Policy(Optional.of(name), upstream, balancing, affinity, clients, redirects, target);
    }

    public Policy withUpstream(Upstream other) {
        return new Policy(versionHeader, other, balancing, affinity, clients, redirects, target);
    }

    public Policy withBalancing(Balancing other) {
        return new Policy(versionHeader, upstream, other, affinity, clients, redirects, target);
    }

    public Policy withAffinity(Affinity cookie) {
        return new Policy(versionHeader, upstream, balancing, Optional.of(cookie), clients, redirects, target);
    }

    public Policy withClients(ClientAuth whom) {
        return new Policy(versionHeader, upstream, balancing, affinity, Optional.of(whom), redirects, target);
    }

    public Policy withRedirects(Redirects other) {
        return new Policy(versionHeader, upstream, balancing, affinity, clients, other, target);
    }

    public Policy withTarget(BackendTarget other) {
        return new Policy(versionHeader, upstream, balancing, affinity, clients, redirects, other);
    }
}
