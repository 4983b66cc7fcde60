package dev.linnet.console.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.linnet.console.http.TimedHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The provider over HTTP: what it says of itself (OpenID Connect Discovery 1.0), its keys, and tokens for codes. */
final class Provider implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(10);
    private static final long LONGEST = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OidcSettings settings;
    private final InstantSource clock;
    private final TimedHttp http = new TimedHttp(DEADLINE, LONGEST);
    private Optional<Read> read = Optional.empty();

    /** Where what is done. */
    record Endpoints(URI authorization, URI token) {}

    /**
     * What it gives for a grant; all of it secret.
     *
     * @param id empty if there is none
     */
    record Tokens(String id, Optional<String> refresh) {
        @Override
        public String toString() {
            return "Tokens[***]";
        }
    }

    private record Read(Endpoints endpoints, Keys keys, Instant at) {}

    Provider(OidcSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    Endpoints endpoints() throws OidcException {
        return read(KEPT).endpoints;
    }

    /** Read anew where one is not among them that signed something: providers change theirs. */
    Keys keys(String id) throws OidcException {
        Keys known = read(KEPT).keys;
        return known.has(id) ? known : read(BETWEEN_READINGS).keys;
    }

    private synchronized Read read(Duration notOlderThan) throws OidcException {
        Instant now = clock.instant();
        if (read.isEmpty() || !read.get().at.plus(notOlderThan).isAfter(now)) {
            JsonNode said =
                    get(URI.create(OidcSettings.withoutSlash(settings.issuer()) + "/.well-known/openid-configuration"));
            String issuer = said.path("issuer").asText();
            if (!issuer.equals(settings.issuer().toString())) {
                throw new OidcException(
                        "the provider calls itself " + issuer + " (expected: " + settings.issuer() + ")");
            }
            Endpoints endpoints =
                    new Endpoints(address(said, "authorization_endpoint"), address(said, "token_endpoint"));
            read = Optional.of(new Read(endpoints, Keys.of(get(address(said, "jwks_uri"))), now));
        }
        return read.get();
    }

    private static URI address(JsonNode said, String field) throws OidcException {
        try {
            return OidcSettings.safe(
                    "the provider's " + field, URI.create(said.path(field).asText()));
        } catch (IllegalArgumentException e) {
            throw new OidcException(String.valueOf(e.getMessage()), e);
        }
    }

    private JsonNode get(URI address) throws OidcException {
        return send(HttpRequest.newBuilder(address).header("Accept", "application/json"));
    }

    /** What the provider gives for a code or for a refresh token (RFC 6749 §4.1.3 and §6). */
    Tokens tokens(Map<String, String> grant) throws OidcException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoints().token())
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded");
        Map<String, String> fields = new LinkedHashMap<>(grant);
        if (settings.clientSecret().isPresent()) {
            String pair = encoded(settings.clientId()) + ":"
                    + encoded(secret(settings.clientSecret().get()));
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        } else {
            fields.put("client_id", settings.clientId());
        }
        JsonNode given = send(request.POST(BodyPublishers.ofString(form(fields))));
        return new Tokens(
                given.path("id_token").asText(""),
                Optional.of(given.path("refresh_token").asText("")).filter(text -> !text.isEmpty()));
    }

    /**
     * An ID token that it has made for us and that is good now.
     *
     * @throws OidcException if it is not
     */
    IdToken verified(String text) throws OidcException {
        return IdToken.verified(text, settings, this, clock.instant());
    }

    private static String secret(Path file) throws OidcException {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new OidcException("cannot read " + file + " (expected: the secret of the OpenID Connect client)", e);
        }
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode send(HttpRequest.Builder builder) throws OidcException {
        HttpRequest request = builder.build();
        try {
            HttpResponse<String> answer = TimedHttp.answer(http.ask(request));
            if (answer.statusCode() != 200) {
                throw new OidcException(request.uri() + " answers " + answer.statusCode() + why(answer.body()));
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new OidcException(request.uri() + " gives no answer that can be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OidcException("interrupted while the provider was asked", e);
        }
    }

    /** The code of RFC 6749 §5.2, and nothing else of what was answered. */
    private static String why(String body) {
        try {
            String error = JSON.readTree(body).path("error").asText("");
            return error.matches("[a-z_]{1,60}") ? " " + error : "";
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
