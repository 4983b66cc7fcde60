package dev.linnet.console.oidc;

import com.fasterxml.jackson.databind.JsonNode;
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

    private final OidcSettings settings;
    private final Provider provider;
    private final InstantSource clock;
    private IdToken token;
    private Optional<String> refresh;
    private Instant notBefore = Instant.EPOCH;

    Renewal(OidcSettings settings, Provider provider, InstantSource clock, IdToken token, Optional<String> refresh) {
        this.settings = settings;
        this.provider = provider;
        this.clock = clock;
        this.token = token;
        this.refresh = refresh;
    }

    static Optional<String> refreshToken(JsonNode tokens) {
        return Optional.of(tokens.path("refresh_token").asText("")).filter(text -> !text.isEmpty());
    }

    /** The token as it is now. A secret. */
    @Override
    public synchronized String get() {
        Instant now = clock.instant();
        if (refresh.isPresent() && now.isAfter(token.expires().minus(AHEAD)) && !now.isBefore(notBefore)) {
            notBefore = now.plus(BETWEEN_TRIES);
            try {
                renew(refresh.get(), now);
            } catch (OidcException e) {
                LOG.atInfo().addKeyValue("cause", e.getMessage()).log("somebody's ID token cannot be renewed");
            }
        }
        return token.text();
    }

    private void renew(String by, Instant now) throws OidcException {
        JsonNode tokens = provider.tokens(Map.of("grant_type", "refresh_token", "refresh_token", by));
        refresh = refreshToken(tokens).or(() -> refresh);
        String text = tokens.path("id_token").asText("");
        if (text.isEmpty()) {
            return; // not every provider gives another
        }
        IdToken fresh = IdToken.verified(text, settings, provider, now);
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
