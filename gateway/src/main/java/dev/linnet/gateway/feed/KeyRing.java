package dev.linnet.gateway.feed;

import dev.linnet.gateway.tls.BadCertificate;
import dev.linnet.gateway.tls.ClientAuthorities;
import dev.linnet.gateway.tls.ClientTls;
import dev.linnet.gateway.tls.ServedCertificate;
import dev.linnet.routing.Secret;
import dev.linnet.routing.SecretRef;
import dev.linnet.routing.policy.ClientAuth.Authorities;
import dev.linnet.routing.policy.Upstream.Roots;
import dev.linnet.routing.policy.Upstream.Trust;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What certificates and keys the Secrets hold: each read once for as long as it stays the same. Used by one thread. */
final class KeyRing {
    private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

    private static final SecretRef NO_SECRET = new SecretRef("", "");

    private final SecretIndex secrets;
    private final Map<SecretRef, Found<ServedCertificate>> certificates = new HashMap<>();
    private final Map<Authorities, Found<ClientAuthorities>> authorities = new HashMap<>();

    KeyRing(SecretIndex secrets) {
        this.secrets = secrets;
    }

    /** @param objection what is wrong with the Secret, in words that follow its name; empty if nothing is, or if it was not read yet */
    record Found<T>(Optional<T> value, String objection) {
        static <T> Found<T> nothing(String objection) {
            return new Found<>(Optional.empty(), objection);
        }
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(Secret<Map<String, byte[]>> data) throws BadCertificate;
    }

    Found<ServedCertificate> certificate(SecretRef secret) {
        return certificates.computeIfAbsent(secret, _ -> find(secret, data -> ServedCertificate.of(secret, data)));
    }

    Found<ClientAuthorities> authorities(Authorities wanted) {
        return authorities.computeIfAbsent(
                wanted, _ -> find(secret(wanted), data -> ClientAuthorities.of(wanted, data)));
    }

    /** The one of both that counts. */
    SecretRef secret(Authorities wanted) {
        boolean isMissing = secrets.of(wanted.secret())
                .filter(SecretReading.Missing.class::isInstance)
                .isPresent();
        return wanted.otherwise().filter(_ -> isMissing).orElse(wanted.secret());
    }

    Found<ClientTls> trust(Trust trust) {
        if (trust.secret().isEmpty()) {
            return trust.roots() == Roots.USUAL
                    ? read(NO_SECRET, Secret.of(Map.of()), data -> ClientTls.of(trust, data))
                    : Found.nothing(""); // whoever should have named one has a Problem already
        }
        return find(trust.secret().get(), data -> ClientTls.of(trust, data));
    }

    private <T> Found<T> find(SecretRef secret, Reader<T> reader) {
        Optional<SecretReading> reading = secrets.of(secret);
        if (reading.isEmpty()) {
            return Found.nothing("");
        }
        return switch (reading.get()) {
            case SecretReading.Present present -> read(secret, present.data(), reader);
            case SecretReading.Missing _ -> Found.nothing("does not exist");
            case SecretReading.Unreadable(String why) -> Found.nothing("cannot be read (" + why + ")");
        };
    }

    private static <T> Found<T> read(SecretRef secret, Secret<Map<String, byte[]>> data, Reader<T> reader) {
        try {
            return new Found<>(Optional.of(reader.read(data)), "");
        } catch (BadCertificate e) {
            return Found.nothing("is of no use: " + e.reason());
        } catch (RuntimeException e) {
            // One Secret that we cannot use must not stop the others. What is in it stays there: only the kind of
            // failure is told.
            log.atError()
                    .addKeyValue("secret", secret)
                    .addKeyValue("cause", e.getClass().getSimpleName())
                    .log("Secret cannot be used");
            return Found.nothing("is of no use: TLS cannot be spoken with it");
        }
    }

    /** The Secret has changed, or nobody wants it any more. */
    void forget(SecretRef secret) {
        certificates.remove(secret);
        authorities.keySet().removeIf(wanted -> wanted.secrets().anyMatch(secret::equals));
    }
}
