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
     * What {@code proxy-ssl-*} and DestinationRules say.
     *
     * @param secret     our certificate and key for endpoints that want one, and the authorities whose certificates are believed;
     *                   empty if what was named is none of ours
     * @param roots      who else is believed
     * @param verify     whether an endpoint's certificate must come from these authorities and be for the name
     * @param depth      how many certificates may stand between the endpoint's and an authority's
     * @param name       the name that endpoints go by; the Service's where it is empty
     * @param serverName whether they are told that name (SNI)
     * @param subjects   names of which an endpoint's certificate must have one; empty for the name that it goes by
     * @param protocols  versions of TLS, as Java names them
     */
    public record Trust(
            Optional<SecretRef> secret,
            Roots roots,
            boolean verify,
            int depth,
            Optional<String> name,
            boolean serverName,
            Set<String> subjects,
            Set<String> protocols) {
        public Trust {
            subjects = Set.copyOf(subjects);
            protocols = Set.copyOf(protocols);
        }

        /** One that believes what is in its Secret. */
        public Trust(
                Optional<SecretRef> secret,
                boolean verify,
                int depth,
                Optional<String> name,
                boolean serverName,
                Set<String> protocols) {
            this(secret, Roots.OF_SECRET, verify, depth, name, serverName, Set.of(), protocols);
        }
    }

    /** Whose certificates are believed. */
    public enum Roots {
        /** Those in the Secret. Without one, no endpoint is believed. */
        OF_SECRET,
        /** Those in the Secret, which must have a certificate and key of ours as well. */
        OF_SECRET_AND_US,
        /** Those in the Secret, if it has any; else those that everybody believes. */
        USUAL
    }
}
