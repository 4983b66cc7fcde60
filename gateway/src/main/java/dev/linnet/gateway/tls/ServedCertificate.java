package dev.linnet.gateway.tls;

import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** A certificate that we can show, with its key. Compared by identity: a Secret that was written again has another one. */
public final class ServedCertificate {
    private static final String CHAIN = "tls.crt";
    private static final String KEY = "tls.key";
    private static final int DNS_NAME = 2;

    private final Optional<SecretRef> secret;
    private final List<X509Certificate> chain;
    private final Secret<PrivateKey> key;
    private final List<String> names;

    /** @param secret where it comes from; empty for one that was made here */
    ServedCertificate(Optional<SecretRef> secret, List<X509Certificate> chain, Secret<PrivateKey> key)
            throws BadCertificate {
        this.secret = secret;
        this.chain = List.copyOf(chain);
        this.key = key;
        this.names = names(chain.getFirst());
    }

    /**
     * Reads a Secret as {@code kubectl create secret tls} makes it: the leaf first, then what leads to its authority.
     *
     * @throws BadCertificate if it cannot be shown
     */
    public static ServedCertificate of(SecretRef ref, Secret<Map<String, byte[]>> secret) throws BadCertificate {
        Map<String, byte[]> data = Entries.of(secret);
        List<X509Certificate> chain = Pem.certificates(Entries.of(data, CHAIN), CHAIN);
        PrivateKey key = Pem.key(Entries.of(data, KEY), KEY);
        if (!belong(chain.getFirst(), key)) {
            throw new BadCertificate(KEY + " is not the key of the first certificate of " + CHAIN);
        }
        return new ServedCertificate(Optional.of(ref), chain, Secret.of(key));
    }

    private static boolean belong(X509Certificate leaf, PrivateKey key) {
        if (leaf.getPublicKey() instanceof RSAPublicKey theirs && key instanceof RSAPrivateKey ours) {
            return theirs.getModulus().equals(ours.getModulus());
        }
        String algorithm = leaf.getPublicKey().getAlgorithm();
        if (!algorithm.equals(key.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
            signature.initSign(key);
            signature.update((byte) 1);
            byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /** Alternative names; the common name only where there are none (spec of ingress-nginx, §5.7). */
    private static List<String> names(X509Certificate leaf) throws BadCertificate {
        List<String> names = new ArrayList<>();
        try {
            for (List<?> name :
                    Optional.ofNullable(leaf.getSubjectAlternativeNames()).orElseGet(List::of)) {
                if (name.getFirst().equals(DNS_NAME)) {
                    names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            throw new BadCertificate(CHAIN + " holds a certificate whose names cannot be read", e);
        }
        if (names.isEmpty()) {
            attribute(leaf.getSubjectX500Principal().getName(), "CN")
                    .ifPresent(name -> names.add(name.toLowerCase(Locale.ROOT)));
        }
        return names;
    }

    private static Optional<String> attribute(String distinguishedName, String type) {
        try {
            return new LdapName(distinguishedName)
                    .getRdns().reversed().stream()
                            .filter(part -> part.getType().equalsIgnoreCase(type))
                            .map(part -> part.getValue().toString())
                            .findFirst();
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
    }

    /** Whether a client that asks for the host would believe it, expired or not. */
    public boolean isFor(String host) {
        int dot = host.indexOf('.');
        String wildcard = dot < 0 ? host : "*" + host.substring(dot);
        return names.contains(host) || names.contains(wildcard);
    }

    Optional<SecretRef> secret() {
        return secret;
    }

    /** The names that it is for. */
    public List<String> names() {
        return List.copyOf(names);
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    public String serialNumber() {
        return leaf().getSerialNumber().toString();
    }

    public String issuerCommonName() {
        return attribute(leaf().getIssuerX500Principal().getName(), "CN").orElse("");
    }

    public String issuerOrganization() {
        return attribute(leaf().getIssuerX500Principal().getName(), "O").orElse("");
    }

    public String publicKeyAlgorithm() {
        String algorithm = leaf().getPublicKey().getAlgorithm();
        return algorithm.equals("EC") ? "ECDSA" : algorithm;
    }

    private X509Certificate leaf() {
        return chain.getFirst();
    }

    X509Certificate[] chain() {
        return chain.toArray(X509Certificate[]::new);
    }

    Secret<PrivateKey> key() {
        return key;
    }

    @Override
    public String toString() {
        return "certificate " + serialNumber() + " for " + String.join(", ", names);
    }
}
