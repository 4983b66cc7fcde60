package dev.linnet.console.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody's ID token, which is exchanged for a fresh one shortly before it ends, if the provider gave something to do so with (a refresh
 * token, OpenID Connect Core 1.0 §12). Otherwise it ends, and with it the visit, as soon as the API knows it no more.
 */
final class Renewal implements Supplier<String> {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final Duration AHEAD = Duration.ofSeconds(30);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);

    private final Provider provider;
    private final InstantSource clock;
    private IdToken token;
    private Optional<String> refresh;
    private Instant notBefore = Instant.EPOCH;

    Renewal(Provider provider, InstantSource clock, IdToken token, Optional<String> refresh) {
        this.provider = provider;
        this.clock = clock;
        this.token = token;
        this.refresh = refresh;
    }

    /** The token as it is now. A secret. */
    @Override
    public synchronized String get() {
        Instant now = clock.instant();
        if (refresh.isPresent() && now.isAfter(token.expires().minus(AHEAD)) && !now.isBefore(notBefore)) {
            notBefore = now.plus(BETWEEN_TRIES);
            try {
                renew(refresh.get());
            } catch (OidcException e) {
                LOG.atInfo().addKeyValue("cause", e.getMessage()).log("somebody's ID token cannot be renewed");
            }
        }
        return token.text();
    }

    private void renew(String by) throws OidcException {
        Provider.Tokens tokens = provider.tokens(Map.of("grant_type", "refresh_token", "refresh_token", by));
        refresh = tokens.refresh().or(() -> refresh);
        if (tokens.id().isEmpty()) {
            return; // not every provider gives another
        }
        IdToken fresh = provider.verified(tokens.id());
        if (!fresh.subject().equals(token.subject())) {
            throw new OidcException("the renewed ID token is somebody else's");
        }
        token = fresh;
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "Renewal[" + token + "]";
    }
}
