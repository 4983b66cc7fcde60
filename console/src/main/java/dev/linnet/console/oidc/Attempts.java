package dev.linnet.console.oidc;

import dev.linnet.console.access.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Logins that have begun: whoever was sent to the provider and has not come back. Of too many the oldest is forgotten. */
final class Attempts {
    static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MOST = 1_000;

    private final Secrets secrets = new Secrets();
    private final InstantSource clock;
    private final Map<String, Attempt> open = new LinkedHashMap<>();

    /**
     * A login.
     *
     * @param state    by which it is found again; the browser that began it has it in a cookie
     * @param nonce    that the ID token must carry
     * @param verifier that only we know, whose hash the provider knows (RFC 7636)
     * @param next     the page that was asked for
     */
    record Attempt(String state, String nonce, String verifier, String next, Instant began) {
        String challenge() {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
                return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e); // every JVM has it
            }
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Attempt[" + began + "]";
        }
    }

    Attempts(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Attempt begin(String next) {
        if (open.size() >= MOST) {
            open.remove(open.keySet().iterator().next());
        }
        Attempt attempt = new Attempt(secrets.fresh(), secrets.fresh(), secrets.fresh(), next, clock.instant());
        open.put(attempt.state(), attempt);
        return attempt;
    }

    /** Each comes back once, and soon. */
    synchronized Optional<Attempt> end(String state) {
        return Optional.ofNullable(open.remove(state))
                .filter(attempt -> attempt.began().plus(LONGEST).isAfter(clock.instant()));
    }
}
