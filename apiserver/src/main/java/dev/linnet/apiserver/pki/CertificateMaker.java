package dev.linnet.apiserver.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates. The only user of BouncyCastle, so that a start with certificates at hand does not load it. */
final class CertificateMaker {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3_650);
    /** Apple's limit for certificates that its clients accept is 825 days. */
    private static final Duration SERVER_LIFE = Duration.ofDays(365);

    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private final SecureRandom random;
    private final Instant now;

    CertificateMaker(SecureRandom random, Instant now) {
        this.random = random;
        this.now = now;
    }

    /** A certificate and its key. */
    record Issued(X509Certificate certificate, KeyPair keys) {}

    Issued authority(String name) {
        KeyPair keys = keys();
        X500Principal subject = new X500Principal("CN=" + name);
        return issued(keys, builder(subject, subject, keys, AUTHORITY_LIFE), keys.getPrivate(), builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        });
    }

    /**
     * @param names     DNS names of the server
     * @param addresses its IP addresses
     */
    Issued server(Issued authority, List<String> names, List<InetAddress> addresses) {
        KeyPair keys = keys();
        X500Principal issuer = authority.certificate().getSubjectX500Principal();
        JcaX509v3CertificateBuilder builder =
                builder(issuer, new X500Principal("CN=kube-apiserver"), keys, SERVER_LIFE);
        return issued(keys, builder, authority.keys().getPrivate(), extended -> {
            extended.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            extended.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            extended.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            extended.addExtension(Extension.subjectAlternativeName, false, alternativeNames(names, addresses));
            extended.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.certificate()));
        });
    }

    private static GeneralNames alternativeNames(List<String> names, List<InetAddress> addresses) {
        List<GeneralName> all = new ArrayList<>();
        names.forEach(name -> all.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(address -> all.add(new GeneralName(GeneralName.iPAddress, address.getHostAddress())));
        return new GeneralNames(all.toArray(GeneralName[]::new));
    }

    private KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256 keys", e);
        }
    }

    private JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, KeyPair keys, Duration life) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, random),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(life)),
                subject,
                keys.getPublic());
    }

    /** Adds what distinguishes one certificate from another. */
    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder) throws IOException, GeneralSecurityException;
    }

    private static Issued issued(
            KeyPair keys, JcaX509v3CertificateBuilder builder, PrivateKey signer, Extensions extensions) {
        try {
            extensions.addTo(builder);
            ContentSigner content = new JcaContentSignerBuilder("SHA256withECDSA").build(signer);
            X509Certificate certificate = new JcaX509CertificateConverter().getCertificate(builder.build(content));
            return new Issued(certificate, keys);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }
}
