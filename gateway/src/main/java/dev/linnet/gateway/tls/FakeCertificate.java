package dev.linnet.gateway.tls;

import dev.linnet.routing.Secret;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** What hosts without a certificate show: one that nobody believes, under the name that people know from ingress-nginx. */
final class FakeCertificate {
    private static final X500Name NAME = new X500Name("O=Acme Co,CN=Kubernetes Ingress Controller Fake Certificate");
    private static final Duration LIFETIME = Duration.ofDays(365);

    private FakeCertificate() {}

    /** The one of this process, made when first needed. */
    static final class OfThisProcess {
        @SuppressWarnings("TimeInStaticInitializer") // valid from when it is made
        private static final ServedCertificate CERTIFICATE = make(Instant.now());

        private OfThisProcess() {}

        static ServedCertificate get() {
            return CERTIFICATE;
        }
    }

    /** A new one, with a new key. */
    static ServedCertificate make(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    NAME,
                    new BigInteger(120, new SecureRandom()).add(BigInteger.ONE),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(LIFETIME)),
                    NAME,
                    keys.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, "ingress.local")));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            return new ServedCertificate(
                    Optional.empty(),
                    List.of(new JcaX509CertificateConverter()
                            .getCertificate(builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())))),
                    Secret.of(keys.getPrivate()));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException | BadCertificate e) {
            throw new IllegalStateException("this Java cannot make a certificate", e);
        }
    }
}
