package dev.linnet.gateway.balance;

import dev.linnet.routing.policy.Affinity;
import dev.linnet.routing.policy.Affinity.SameSite;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The value of {@code Set-Cookie} for a session, attributes in ingress-nginx's order (§1.11.2). */
public final class SessionCookie {
    private static final DateTimeFormatter EXPIRES = DateTimeFormatter.ofPattern(
                    "EEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private SessionCookie() {}

    /**
     * @param path      of the route
     * @param tls       whether the client's connection is TLS
     * @param userAgent of the client, empty if it does not say
     */
    public static String of(
            Affinity affinity, String key, String backendKey, String path, boolean tls, String userAgent, Instant now) {
        StringBuilder cookie = new StringBuilder(192)
                .append(affinity.cookie())
                .append('=')
                .append(key)
                .append('|')
                .append(backendKey);
        affinity.expires()
                .ifPresent(seconds -> cookie.append("; Expires=").append(EXPIRES.format(now.plusSeconds(seconds))));
        affinity.maxAge().ifPresent(seconds -> cookie.append("; Max-Age=").append(seconds));
        affinity.domain().ifPresent(domain -> cookie.append("; Domain=").append(domain));
        cookie.append("; Path=").append(affinity.path().orElse(path));
        if (affinity.secure() || tls) {
            cookie.append("; Secure");
        }
        cookie.append("; HttpOnly");
        sameSite(affinity, userAgent)
                .ifPresent(site -> cookie.append("; SameSite=").append(site));
        return cookie.toString();
    }

    private static Optional<SameSite> sameSite(Affinity affinity, String userAgent) {
        boolean misunderstood = affinity.omitNone() && !understandsNone(userAgent);
        return affinity.sameSite().filter(site -> site != SameSite.NONE || !misunderstood);
    }

    /** Some old clients take {@code None} for {@code Strict}. */
    static boolean understandsNone(String userAgent) {
        boolean oldChrome =
                userAgent.contains("Chrome/4") || userAgent.contains("Chrome/5") || userAgent.contains("Chrome/6");
        boolean oldPhone = userAgent.contains("CPU iPhone OS 12") || userAgent.contains("iPad; CPU OS 12");
        boolean oldSafari = userAgent.contains("Macintosh")
                && userAgent.contains("Intel Mac OS X 10_14")
                && userAgent.contains("Safari")
                && !userAgent.contains("Chrome");
        return !oldChrome && !oldPhone && !oldSafari;
    }
}
