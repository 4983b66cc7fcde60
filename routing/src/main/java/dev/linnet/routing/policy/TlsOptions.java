package dev.linnet.routing.policy;

import java.time.Duration;
import java.util.List;

/**
 * How TLS is spoken with clients, whatever host they ask for (ingress-nginx's ConfigMap; spec §5.7).
 *
 * @param protocols     {@code ssl-protocols}: {@code TLSv1.3}, {@code TLSv1.2}
 * @param ciphers       {@code ssl-ciphers}: of TLS 1.2, the best first, by the names that IANA gives them; empty for the usual ones.
 *                      Those of TLS 1.3 are no matter of choice
 * @param rejectUnknown {@code ssl-reject-handshake}: who asks for a host that nobody knows is shown nothing
 * @param sessions      how handshakes are shortened
 */
public record TlsOptions(List<String> protocols, List<String> ciphers, boolean rejectUnknown, Sessions sessions) {
    public static final TlsOptions DEFAULT =
            new TlsOptions(List.of("TLSv1.3", "TLSv1.2"), List.of(), false, Sessions.DEFAULT);

    public TlsOptions {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }

    /**
     * Sessions that clients may resume.
     *
     * @param kept     {@code ssl-session-cache}: the gateway remembers those of TLS 1.2
     * @param most     {@code ssl-session-cache-size}: how many, for each certificate
     * @param tickets  {@code ssl-session-tickets}: clients remember them, which TLS 1.3 cannot do without
     * @param lifetime {@code ssl-session-timeout}
     */
    public record Sessions(boolean kept, int most, boolean tickets, Duration lifetime) {
        public static final Sessions DEFAULT = new Sessions(true, 20_000, true, Duration.ofMinutes(10));
    }

    public TlsOptions withRejectUnknown(boolean reject) {
        return new TlsOptions(protocols, ciphers, reject, sessions);
    }
}
