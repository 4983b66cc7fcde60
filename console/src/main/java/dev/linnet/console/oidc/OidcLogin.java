package dev.linnet.console.oidc;

import dev.linnet.console.access.Secrets;
import dev.linnet.console.oidc.Attempts.Attempt;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends people to their provider and takes them in when they come back. Whether the cluster knows them is for its API to say. */
public final class OidcLogin implements AutoCloseable {
    /** How long somebody may stay at the provider's page. */
    public static final Duration LONGEST = Attempts.LONGEST;

    private final OidcSettings settings;
    private final InstantSource clock;
    private final Provider provider;
    private final Attempts attempts;

    /**
     * The way to the provider.
     *
     * @param page  of the provider's
     * @param state a secret that the browser must bring back
     */
    public record Departure(URI page, String state) {}

    /**
     * How a browser came back.
     *
     * @param state  as the address says
     * @param cookie the state as the browser remembers it
     * @param issuer that the address names (RFC 9207); may be empty
     */
    public record Arrival(String code, String state, String cookie, String issuer) {}

    /**
     * Somebody whom the provider knows.
     *
     * @param token now and later; by it the API knows them
     * @param next  the page that they had asked for
     */
    public record Guest(Supplier<String> token, String next) {}

    public OidcLogin(OidcSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.provider = new Provider(settings, clock);
        this.attempts = new Attempts(clock);
    }

    /** What people know the provider by. */
    public String name() {
        return settings.issuer().getHost();
    }

    /** @throws OidcException if the provider does not answer */
    public Departure begin(String next) throws OidcException {
        URI page = provider.endpoints().authorization();
        Attempt attempt = attempts.begin(next);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", settings.clientId());
        query.put("redirect_uri", settings.returnAddress().toString());
        query.put("scope", String.join(" ", settings.scopes()));
        query.put("state", attempt.state());
        query.put("nonce", attempt.nonce());
        query.put("code_challenge", attempt.challenge());
        query.put("code_challenge_method", "S256");
        String separator = page.getRawQuery() == null ? "?" : "&";
        return new Departure(URI.create(page + separator + Provider.form(query)), attempt.state());
    }

    /**
     * Whom the provider has sent back.
     *
     * @throws OidcException if this browser was not sent there, or nobody comes of it
     */
    public Guest finish(Arrival arrival) throws OidcException {
        Optional<Attempt> attempt =
                Secrets.isSame(arrival.cookie(), arrival.state()) ? attempts.end(arrival.state()) : Optional.empty();
        if (attempt.isEmpty()) {
            throw new OidcException("this login was not begun in this browser, or too long ago");
        }
        if (!arrival.issuer().isEmpty()
                && !arrival.issuer().equals(settings.issuer().toString())) {
            throw new OidcException("the answer is of another provider");
        }
        Map<String, String> grant = new LinkedHashMap<>();
        grant.put("grant_type", "authorization_code");
        grant.put("code", arrival.code());
        grant.put("redirect_uri", settings.returnAddress().toString());
        grant.put("code_verifier", attempt.get().verifier());
        Provider.Tokens tokens = provider.tokens(grant);
        IdToken token = provider.verified(tokens.id());
        if (!Secrets.isSame(token.nonce(), attempt.get().nonce())) {
            throw new OidcException("the ID token is of another login");
        }
        return new Guest(
                new Renewal(provider, clock, token, tokens.refresh()),
                attempt.get().next());
    }

    @Override
    public void close() {
        provider.close();
    }
}
