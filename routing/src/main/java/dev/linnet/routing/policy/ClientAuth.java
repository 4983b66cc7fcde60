package dev.linnet.routing.policy;

import dev.linnet.routing.SecretRef;
import java.util.Optional;
import java.util.stream.Stream;

/** Which clients a host lets in by their certificates (spec of ingress-nginx, §4.4). Holds for all routes of the host. */
public sealed interface ClientAuth {
    /** It cannot be told whom to let in, so nobody is. */
    record Broken() implements ClientAuth {}

    /**
     * Clients are asked for a certificate.
     *
     * @param authorities where those are whose certificates are believed
     * @param depth       how many certificates may stand between a client's and an authority's
     * @param errorPage   where clients are sent whose certificate does not do
     * @param passOn      whether the backend gets the certificate
     * @param subject     RE2 pattern of the client's name, {@code CN=...}
     */
    record Asked(
            Authorities authorities,
            Demand demand,
            int depth,
            Optional<String> errorPage,
            boolean passOn,
            Optional<String> subject)
            implements ClientAuth {}

    /**
     * A Secret that holds the certificates of authorities.
     *
     * @param otherwise which one does if that does not exist
     */
    record Authorities(SecretRef secret, Optional<SecretRef> otherwise) {
        /** In this Secret or nowhere. */
        public static Authorities in(SecretRef secret) {
            return new Authorities(secret, Optional.empty());
        }

        /** Both. */
        public Stream<SecretRef> secrets() {
            return Stream.concat(Stream.of(secret), otherwise.stream());
        }
    }

    enum Demand {
        /** No client without a valid one. */
        ON,
        /** Whoever shows one must show a valid one. */
        OPTIONAL,
        /** Any certificate passes: the backend decides. */
        OPTIONAL_NO_CA
    }
}
