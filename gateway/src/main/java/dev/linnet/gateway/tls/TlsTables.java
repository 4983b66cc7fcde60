package dev.linnet.gateway.tls;

import dev.linnet.routing.policy.ClientAuth.Authorities;
import dev.linnet.routing.policy.TlsOptions;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.Map;
import java.util.Optional;

/**
 * All about TLS that is in force: immutable, swapped whole.
 *
 * @param certificates what clients are shown
 * @param authorities  by whose word they are believed
 * @param trusts       how endpoints are believed, by what was asked; what is missing cannot be had
 */
public record TlsTables(
        CertificateTable certificates, Map<Authorities, ClientAuthorities> authorities, Map<Trust, ClientTls> trusts) {
    /** What is in force before anything is known. */
    public static final TlsTables FAKE =
            new TlsTables(CertificateTable.showing(ServerTls.fake(TlsOptions.DEFAULT, true)), Map.of(), Map.of());

    public TlsTables {
        authorities = Map.copyOf(authorities);
        trusts = Map.copyOf(trusts);
    }

    public Optional<ClientAuthorities> authorities(Authorities wanted) {
        return Optional.ofNullable(authorities.get(wanted));
    }

    /** Empty if these endpoints cannot be believed: nothing may be sent to them. */
    public Optional<ClientTls> upstream(Optional<Trust> trust) {
        return trust.isEmpty() ? Optional.of(ClientTls.believing()) : Optional.ofNullable(trusts.get(trust.get()));
    }
}
