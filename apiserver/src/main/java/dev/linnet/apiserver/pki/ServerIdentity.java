package dev.linnet.apiserver.pki;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * Who the server is: its certificate authority, its certificate and the administrator's token. Made once per directory, so
 * that kubeconfigs which were copied elsewhere stay good after a restart.
 *
 * @param caPem      the authority's certificate
 * @param adminToken    secret
 * @param signingSecret what tokens of ServiceAccounts are signed with
 */
public record ServerIdentity(String caPem, SSLContext tls, String adminToken, String signingSecret) {
    private static final Duration RENEWAL = Duration.ofDays(30);
    private static final int TOKEN_BYTES = 32;
    private static final List<String> NAMES = List.of(
            "localhost",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local");

    @Override
    public String toString() {
        return "ServerIdentity[***]";
    }

    /**
     * Reads the identity kept in a directory, and makes what is missing or about to expire.
     *
     * @param addresses under which clients reach the server
     */
    public static ServerIdentity in(Path directory, Collection<InetAddress> addresses, Instant now) {
        PrivateFile.createDirectory(directory);
        Maker maker = new Maker(directory, new SecureRandom(), now);
        try {
            CertificateMaker.Issued authority = maker.authority();
            CertificateMaker.Issued server = maker.server(authority, addresses);
            SSLContext tls = tls(server, authority.certificate());
            return new ServerIdentity(
                    Pem.of(authority.certificate()), tls, maker.secret("token"), maker.secret("signing-secret"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "cannot use the certificates in " + directory
                            + " (expected: what an earlier start wrote there; remove the directory to have new ones made)",
                    e);
        }
    }

    private static SSLContext tls(CertificateMaker.Issued server, X509Certificate authority)
            throws GeneralSecurityException {
        OneKey key = new OneKey(server.keys().getPrivate(), server.certificate(), authority);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {key}, null, null);
        return context;
    }

    private record Maker(Path directory, SecureRandom random, Instant now) {

        CertificateMaker.Issued authority() throws GeneralSecurityException {
            Optional<CertificateMaker.Issued> kept = kept("ca");
            if (kept.isPresent()) {
                return kept.get();
            }
            return keep("ca", new CertificateMaker(random, now).authority("kubernetes"));
        }

        CertificateMaker.Issued server(CertificateMaker.Issued authority, Collection<InetAddress> addresses)
                throws GeneralSecurityException {
            Optional<CertificateMaker.Issued> kept = kept("server");
            if (kept.isPresent() && fits(kept.get().certificate(), authority.certificate(), addresses)) {
                return kept.get();
            }
            return keep("server", new CertificateMaker(random, now).server(authority, NAMES, List.copyOf(addresses)));
        }

        private boolean fits(X509Certificate server, X509Certificate authority, Collection<InetAddress> addresses)
                throws CertificateParsingException {
            if (server.getNotAfter().toInstant().isBefore(now.plus(RENEWAL)) || !signedBy(server, authority)) {
                return false;
            }
            Set<String> covered = new HashSet<>();
            for (List<?> name : server.getSubjectAlternativeNames()) {
                covered.add(String.valueOf(name.get(1)));
            }
            return covered.containsAll(
                    addresses.stream().map(InetAddress::getHostAddress).toList());
        }

        private static boolean signedBy(X509Certificate server, X509Certificate authority) {
            try {
                server.verify(authority.getPublicKey());
                return true;
            } catch (GeneralSecurityException _) {
                return false;
            }
        }

        private Optional<CertificateMaker.Issued> kept(String name) throws GeneralSecurityException {
            Optional<String> certificate = PrivateFile.read(directory.resolve(name + ".crt"));
            Optional<String> key = PrivateFile.read(directory.resolve(name + ".key"));
            if (certificate.isEmpty() || key.isEmpty()) {
                return Optional.empty();
            }
            X509Certificate read = Pem.certificate(certificate.get());
            return Optional.of(
                    new CertificateMaker.Issued(read, new KeyPair(read.getPublicKey(), Pem.privateKey(key.get()))));
        }

        /** The key first: a certificate without its key would look as if all were there. */
        private CertificateMaker.Issued keep(String name, CertificateMaker.Issued issued)
                throws GeneralSecurityException {
            PrivateFile.write(
                    directory.resolve(name + ".key"), Pem.of(issued.keys().getPrivate()));
            PrivateFile.write(directory.resolve(name + ".crt"), Pem.of(issued.certificate()));
            return issued;
        }

        String secret(String name) {
            Path file = directory.resolve(name);
            return PrivateFile.read(file).map(String::strip).orElseGet(() -> {
                byte[] secret = new byte[TOKEN_BYTES];
                random.nextBytes(secret);
                String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
                PrivateFile.write(file, token + "\n");
                return token;
            });
        }
    }
}
