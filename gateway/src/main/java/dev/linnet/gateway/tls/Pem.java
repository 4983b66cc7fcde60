package dev.linnet.gateway.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** Certificates and keys as text (RFC 7468), in all the forms that tools write. */
final class Pem {
    private Pem() {}

    /** @param what the key of the Secret, for the message */
    static List<X509Certificate> certificates(byte[] pem, String what) throws BadCertificate {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new BadCertificate(what + " holds no certificate (expected: certificates in PEM)");
            }
            return found;
        } catch (CertificateException e) {
            throw new BadCertificate(what + " cannot be read (expected: certificates in PEM)", e);
        }
    }

    static List<? extends CRL> revocations(byte[] pem, String what) throws BadCertificate {
        try {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCRLs(new ByteArrayInputStream(pem)));
        } catch (CertificateException | CRLException e) {
            throw new BadCertificate(what + " cannot be read (expected: revocation lists in PEM)", e);
        }
    }

    /** PKCS #8, PKCS #1 and SEC 1, not encrypted. Parameters of a curve may stand before the key, as OpenSSL writes them. */
    static PrivateKey key(byte[] pem, String what) throws BadCertificate {
        try (PEMParser parser =
                new PEMParser(new InputStreamReader(new ByteArrayInputStream(pem), StandardCharsets.ISO_8859_1))) {
            for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
                switch (found) {
                    case PEMKeyPair pair -> {
                        return key(pair.getPrivateKeyInfo());
                    }
                    case PrivateKeyInfo key -> {
                        return key(key);
                    }
                    default -> {}
                }
            }
        } catch (IOException | GeneralSecurityException | RuntimeException _) {
            throw new BadCertificate(what + " cannot be read (expected: a private key in PEM, not encrypted)");
        }
        throw new BadCertificate(what + " holds no private key (expected: one in PEM, not encrypted)");
    }

    private static PrivateKey key(PrivateKeyInfo key) throws IOException, GeneralSecurityException {
        var type = key.getPrivateKeyAlgorithm().getAlgorithm();
        String algorithm = type.equals(PKCSObjectIdentifiers.rsaEncryption)
                ? "RSA"
                : type.equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : "EdDSA";
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
    }
}
