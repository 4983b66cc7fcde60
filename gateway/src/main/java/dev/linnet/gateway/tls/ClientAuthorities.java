package dev.linnet.gateway.tls;

import dev.linnet.routing.Secret;
import dev.linnet.routing.policy.ClientAuth.Authorities;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whose word about clients a host believes: {@code ca.crt} of a Secret, and {@code ca.crl} if it is there. */
public final class ClientAuthorities {
    private static final String CLIENTS = "1.3.6.1.5.5.7.3.2";
    private static final String ANYTHING = "2.5.29.37.0";

    private final Authorities name;
    private final List<X509Certificate> authorities;
    private final List<? extends CRL> revocations;

    private ClientAuthorities(Authorities name, List<X509Certificate> authorities, List<? extends CRL> revocations) {
        this.name = name;
        this.authorities = List.copyOf(authorities);
        this.revocations = List.copyOf(revocations);
    }

    /**
     * What a Secret says of them.
     *
     * @param name   by which it was found
     * @throws BadCertificate if nobody can be believed by it
     */
    public static ClientAuthorities of(Authorities name, Secret<Map<String, byte[]>> secret) throws BadCertificate {
        Map<String, byte[]> data = Entries.of(secret);
        byte[] revoked = data.getOrDefault("ca.crl", new byte[0]);
        return new ClientAuthorities(
                name,
                Pem.certificates(Entries.of(data, "ca.crt"), "ca.crt"),
                revoked.length == 0 ? List.of() : Pem.revocations(revoked, "ca.crl"));
    }

    Authorities name() {
        return name;
    }

    X509Certificate[] authorities() {
        return authorities.toArray(X509Certificate[]::new);
    }

    /**
     * Whether a client that has shown this is to be believed.
     *
     * @param chain its certificate first
     * @param depth how many certificates may stand between it and an authority
     * @return empty if it is, else why not, as nginx says it
     */
    String objection(List<X509Certificate> chain, int depth) {
        X509Certificate leaf = chain.getFirst();
        try {
            if (!isForClients(leaf)) {
                return "unsuitable certificate purpose";
            }
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(leaf);
            Set<TrustAnchor> anchors = authorities.stream()
                    .map(authority -> new TrustAnchor(authority, null))
                    .collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            List<Object> known = new ArrayList<>(chain);
            known.addAll(authorities);
            known.addAll(revocations);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
            parameters.setRevocationEnabled(!revocations.isEmpty());
            parameters.setMaxPathLength(depth);
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return "";
        } catch (GeneralSecurityException _) {
            return "unable to verify the certificate";
        }
    }

    private static boolean isForClients(X509Certificate leaf) throws CertificateParsingException {
        List<String> purposes = leaf.getExtendedKeyUsage();
        return purposes == null || purposes.contains(CLIENTS) || purposes.contains(ANYTHING);
    }
}
