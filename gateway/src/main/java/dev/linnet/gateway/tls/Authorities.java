package dev.linnet.gateway.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Belief in certificates that come from certain authorities, and in no others. */
final class Authorities {
    private Authorities() {}

    /** Those that this Java knows, which are those that everybody believes. */
    static TrustManagerFactory usual() throws BadCertificate {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new BadCertificate("the usual authorities are not known here", e);
        }
    }

    static X509ExtendedTrustManager manager(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new IllegalStateException("this Java knows no trust in certificates");
    }

    /** @param depth how many certificates may stand between the shown one and an authority's */
    static TrustManagerFactory trust(List<X509Certificate> authorities, int depth) throws BadCertificate {
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    authorities.stream()
                            .map(authority -> new TrustAnchor(authority, null))
                            .collect(Collectors.toSet()),
                    new X509CertSelector());
            parameters.setRevocationEnabled(false);
            parameters.setMaxPathLength(depth);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return factory;
        } catch (GeneralSecurityException e) {
            throw new BadCertificate("ca.crt cannot be used", e);
        }
    }
}
