package dev.linnet.routing.policy;

import dev.linnet.routing.SecretRef;
import java.util.Optional;
import java.util.Set;

/**
 * How the endpoints of a route are spoken to, of its primary and of its canaries alike (spec of ingress-nginx, §3.4, §4.3).
 *
 * @param trust who they must be and who we are, where TLS is spoken; without it any endpoint is believed
 */
public record Upstream(Protocol protocol, Optional<Trust> trust) {
    /** HTTP/1.1 in the clear. */
    public static final Upstream NONE = new Upstream(Protocol.HTTP, Optional.empty());

    public enum Protocol {
        HTTP,
        HTTPS,
        /** HTTP/2 in the clear, by prior knowledge. */
        GRPC,
        /** HTTP/2 over TLS. */
        GRPCS,
        /** As the client speaks: in the clear or over TLS. */
        AUTO_HTTP
    }

    /** Whether nobody asked for anything. */
    public boolean isPlain() {
        return protocol == Protocol.HTTP;
    }

    /**
     * What {@code proxy-ssl-*} says.
     *
     * @param secret     our certificate and key for endpoints that want one, and the authorities whose certificates are believed;
     *                   empty if what was named is none of ours, so that no endpoint is believed
     * @param verify     whether an endpoint's certificate must come from these authorities and be for the name
     * @param depth      how many certificates may stand between the endpoint's and an authority's
     * @param name       the name that endpoints go by; the Service's where it is empty
     * @param serverName whether they are told that name (SNI)
     * @param protocols  versions of TLS, as Java names them
     */
    public record Trust(
            Optional<SecretRef> secret,
            boolean verify,
            int depth,
            Optional<String> name,
            boolean serverName,
            Set<String> protocols) {
        public Trust {
            protocols = Set.copyOf(protocols);
        }
    }
}
