package dev.linnet.routing.policy;

import dev.linnet.routing.ServiceRef;
import java.util.Optional;
import java.util.Set;

/**
 * Who answers instead of errors (spec of ingress-nginx, §3.9).
 *
 * @param codes      statuses that are not shown to clients
 * @param ofBackends whether they count if a backend answers with them, or only if the gateway does
 * @param backend    who answers instead, and also where the route's own backend has no endpoints; the gateway's default backend if
 *                   it is empty
 */
public record ErrorPages(Set<Integer> codes, boolean ofBackends, Optional<ServiceRef> backend) {
    /** Errors are answered as they come. */
    public static final ErrorPages NONE = new ErrorPages(Set.of(), false, Optional.empty());

    public ErrorPages {
        codes = Set.copyOf(codes);
    }

    public boolean replaces(int status) {
        return status >= 400 && codes.contains(status);
    }
}
