package dev.linnet.gateway.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Believes endpoints whose certificate has one of some names, whatever name they go by (Istio's {@code subjectAltNames}). */
final class NamedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chains;
    private final Set<String> names;

    /** @param chains says whether a certificate comes from an authority that is believed */
    NamedTrust(X509ExtendedTrustManager chains, Set<String> names) {
        this.chains = chains;
        this.names = Set.copyOf(names);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        chains.checkServerTrusted(chain, type);
        checkNames(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        chains.checkServerTrusted(chain, type, socket);
        checkNames(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        chains.checkServerTrusted(chain, type, engine);
        checkNames(chain[0]);
    }

    /** An alternative name is a pair of its kind and its value; those that are texts are names, addresses and URIs. */
    private void checkNames(X509Certificate shown) throws CertificateParsingException, CertificateException {
        Collection<List<?>> alternatives = shown.getSubjectAlternativeNames();
        boolean known = alternatives != null
                && alternatives.stream().anyMatch(pair -> pair.get(1) instanceof String name && names.contains(name));
        if (!known) {
            throw new CertificateException("the certificate has none of the names " + names);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
        throw new IllegalStateException("only endpoints are asked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
        throw new IllegalStateException("only endpoints are asked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        throw new IllegalStateException("only endpoints are asked");
    }
}
