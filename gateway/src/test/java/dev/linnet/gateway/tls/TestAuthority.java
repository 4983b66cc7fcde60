package dev.linnet.gateway.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/** An authority of a test, with certificates that it has issued, and contexts for both ends of a connection. */
public final class TestAuthority {
    private static final char[] NO_PASSWORD = {};

    private final KeyPair keys;
    private final X509Certificate certificate;

    /** A certificate with its key, and its issuer's. */
    public record Issued(X509Certificate certificate, PrivateKey key, X509Certificate issuer) {
        /** As {@code kubectl create secret tls} has it, with {@code ca.crt}. */
        public Map<String, byte[]> secret() {
            return Map.of("tls.crt", pem(certificate), "tls.key", pem(key), "ca.crt", pem(issuer));
        }

        /** Whether a client that shows it is. */
        public boolean isBelievedBy(ClientAuthorities authorities) {
            return authorities.objection(List.of(certificate), 1).isEmpty();
        }

        /** As the API has it. */
        public Map<String, String> base64() {
            return Map.of("tls.crt", text(pem(certificate)), "tls.key", text(pem(key)), "ca.crt", text(pem(issuer)));
        }

        private static String text(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }

    private TestAuthority(String name, String algorithm) {
        this.keys = newKeys(algorithm);
        this.certificate = sign(name, keys, name, keys.getPrivate(), true, Duration.ofDays(30), List.of());
    }

    public static TestAuthority named(String name) {
        return new TestAuthority("CN=" + name, "EC");
    }

    /** For these names; the first is its common name. */
    public Issued issue(String... names) {
        return issue(Duration.ofDays(30), "EC", names);
    }

    public Issued issueRsa(String... names) {
        return issue(Duration.ofDays(30), "RSA", names);
    }

    /** @param lifetime negative for one that has expired */
    public Issued issue(Duration lifetime, String algorithm, String... names) {
        KeyPair own = newKeys(algorithm);
        X509Certificate issued = sign(
                "CN=" + names[0],
                own,
                certificate.getSubjectX500Principal().getName(),
                keys.getPrivate(),
                false,
                lifetime,
                List.of(names));
        return new Issued(/* certificate= */ issued, own.getPrivate(), /* issuer= */ certificate);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A context that believes this authority only, and shows this if it is asked. */
    public SSLContext context(Issued... own) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, NO_PASSWORD);
            trusted.setCertificateEntry("ca", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    own.length == 0 ? null : new KeyManager[] {new Insistent(own[0])}, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shows its certificate to anybody, also to those who have asked for another authority's. */
    private static final class Insistent extends X509ExtendedKeyManager {
        private final Issued own;

        Insistent(Issued own) {
            this.own = own;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return "own";
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return type.equals(own.key().getAlgorithm()) ? "own" : null;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {own.certificate(), own.issuer()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }
    }

    private static KeyPair newKeys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate sign(
            String subject,
            KeyPair keys,
            String issuer,
            PrivateKey issuerKey,
            boolean authority,
            Duration lifetime,
            List<String> names) {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
                    Date.from(now.minus(Duration.ofDays(60))),
                    Date.from(now.plus(lifetime)),
                    new X500Name(subject),
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(names.stream()
                                .map(name -> new GeneralName(GeneralName.dNSName, name))
                                .toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RSA keys as PKCS #1, others as PKCS #8. */
    public static byte[] pem(Object... things) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object thing : Arrays.asList(things)) {
                writer.writeObject(
                        thing instanceof PrivateKey key && key.getAlgorithm().equals("EC")
                                ? new PemObject("PRIVATE KEY", key.getEncoded())
                                : thing);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
