package dev.linnet.routing;

import dev.linnet.routing.policy.ClientAuth;
import dev.linnet.routing.policy.ClientAuth.Authorities;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How one host is served over TLS (spec of ingress-nginx, §5.7).
 *
 * @param host         as in {@link Rule}
 * @param certificates where to look for its certificate; empty if nobody said anything, so that the default one is shown
 * @param clients      whom it lets in; empty for anybody
 */
public record HostTls(String host, Optional<Certificates> certificates, Optional<ClientAuth> clients) {
    /** All that have to be read for it. */
    public Stream<SecretRef> secrets() {
        return Stream.concat(
                certificates.stream().flatMap(found -> found.secrets().stream()),
                authorities().stream().flatMap(Authorities::secrets));
    }

    /** By whose word clients are let in. */
    public Optional<Authorities> authorities() {
        return clients.flatMap(whom -> switch (whom) {
            case ClientAuth.Asked asked -> Optional.of(asked.authorities());
            case ClientAuth.Broken _ -> Optional.empty();
        });
    }

    /**
     * Which certificate a host has: the first of these that is valid for it, else the default one.
     *
     * @param secrets in the order of the object; empty for the default certificate
     * @param listed  whether the object names this very host, so that its author expects one of these
     * @param always  whether the first that can be shown is shown, also for hosts that it is not for
     * @param source  the object that says so
     * @param where   the field that says so
     */
    public record Certificates(
            List<SecretRef> secrets, boolean listed, boolean always, ObjectRef source, String where) {
        public Certificates {
            secrets = List.copyOf(secrets);
        }

        /** Those that are valid for a host. */
        public Certificates(List<SecretRef> secrets, boolean listed, ObjectRef source, String where) {
            this(secrets, listed, false, source, where);
        }

        /** Their author knows best. */
        public static Certificates whateverTheirNames(List<SecretRef> secrets, ObjectRef source, String where) {
            return new Certificates(secrets, true, true, source, where);
        }
    }
}
