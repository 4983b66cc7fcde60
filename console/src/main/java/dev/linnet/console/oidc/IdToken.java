package dev.linnet.console.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.StreamSupport;

/**
 * Who somebody is, as the provider has signed it (OpenID Connect Core 1.0 §2).
 *
 * @param text    by which the API knows them; a secret
 * @param subject their name at the provider, which never changes
 * @param nonce   of the login that it was made for; may be empty if it was renewed
 */
record IdToken(String text, String subject, String nonce, Instant expires) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 16 * 1024;
    private static final Duration SKEW = Duration.ofSeconds(60);

    /**
     * A token that the provider has made for us and that is good now (§3.1.3.7).
     *
     * @throws OidcException if it is not
     */
    static IdToken verified(String text, OidcSettings settings, Provider provider, Instant now) throws OidcException {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3 || text.length() > LONGEST) {
            throw new OidcException("the provider gave no ID token");
        }
        JsonNode header = json(parts[0]);
        String key = header.path("kid").asText();
        boolean signed = !header.has("crit")
                && provider.keys(key)
                        .signed(key, header.path("alg").asText(), parts[0] + "." + parts[1], bytes(parts[2]));
        if (!signed) {
            throw new OidcException("the ID token is not signed by a key of the provider's (expected: RS256 or ES256)");
        }
        JsonNode claims = json(parts[1]);
        check(claims, settings, now);
        return new IdToken(
                text,
                claims.path("sub").asText(),
                claims.path("nonce").asText(),
                Instant.ofEpochSecond(claims.path("exp").asLong()));
    }

    private static void check(JsonNode claims, OidcSettings settings, Instant now) throws OidcException {
        String issuer = claims.path("iss").asText();
        if (!issuer.equals(settings.issuer().toString())) {
            throw new OidcException("the ID token is of " + issuer + " (expected: " + settings.issuer() + ")");
        }
        JsonNode audience = claims.path("aud");
        boolean forUs = audience.asText("").equals(settings.clientId())
                || StreamSupport.stream(audience.spliterator(), false)
                        .anyMatch(one -> one.asText().equals(settings.clientId()));
        String party = claims.path("azp").asText(audience.size() > 1 ? "" : settings.clientId());
        if (!forUs || !party.equals(settings.clientId())) {
            throw new OidcException("the ID token is for " + audience + " (expected: " + settings.clientId() + ")");
        }
        Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong());
        Instant issued = Instant.ofEpochSecond(claims.path("iat").asLong());
        if (!expires.plus(SKEW).isAfter(now) || issued.minus(SKEW).isAfter(now)) {
            throw new OidcException("the ID token is good from " + issued + " to " + expires + " (now: " + now + ")");
        }
        if (claims.path("sub").asText().isEmpty()) {
            throw new OidcException("the ID token names nobody");
        }
    }

    private static JsonNode json(String encoded) throws OidcException {
        try {
            return JSON.readTree(bytes(encoded));
        } catch (IOException e) {
            throw new OidcException("the ID token is no JSON", e);
        }
    }

    private static byte[] bytes(String encoded) throws OidcException {
        try {
            return Base64.getUrlDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new OidcException("the ID token is malformed", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "IdToken[" + subject + ", until " + expires + "]";
    }
}
