package dev.linnet.samples.podinfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.linnet.samples.serving.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Issues and checks JSON Web Tokens (HS256, RFC 7519) that are good for a minute. */
final class Tokens {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder FROM_TEXT = Base64.getUrlDecoder();
    private static final String ISSUER = "podinfo";
    private static final Duration VALID = Duration.ofMinutes(1);

    private final SecretKeySpec key;
    private final Clock clock;

    Tokens(String secret, Clock clock) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = clock;
    }

    Reply issue(String user) {
        Instant expires = clock.instant().plus(VALID).truncatedTo(ChronoUnit.SECONDS);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("name", user.isEmpty() ? "anonymous" : user);
        claims.put("iss", ISSUER);
        claims.put("exp", expires.getEpochSecond());
        String signed = encoded(Json.line(Map.of("alg", "HS256"))) + "." + encoded(Json.line(claims));

        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token", signed + "." + TO_TEXT.encodeToString(signature(signed)));
        answer.put("expires_at", expires.toString());
        return Json.reply(200, answer);
    }

    Reply validate(Optional<String> authorization) {
        String[] words = authorization.orElse("").split(" ", -1);
        if (words.length != 2 || !words[0].equalsIgnoreCase("bearer")) {
            return refused("authorization bearer header required");
        }
        int dot = words[1].lastIndexOf('.');
        if (dot < 0 || !signedByUs(words[1].substring(0, dot), words[1].substring(dot + 1))) {
            return refused("signature is invalid");
        }
        JsonNode claims = claims(words[1].substring(0, dot));
        if (!claims.path("iss").asText().equals(ISSUER)) {
            return refused("invalid issuer");
        }
        Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong());
        if (expires.isBefore(clock.instant())) {
            return refused("token is expired");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token_name", claims.path("name").asText());
        answer.put("expires_at", expires.toString());
        return Json.reply(200, answer);
    }

    private static Reply refused(String message) {
        return PodinfoSite.error(401, message);
    }

    private boolean signedByUs(String signed, String signature) {
        try {
            return MessageDigest.isEqual(signature(signed), FROM_TEXT.decode(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Of a token whose signature has been checked, so that its form is ours. */
    private static JsonNode claims(String signed) {
        try {
            return JSON.readTree(FROM_TEXT.decode(signed.substring(signed.indexOf('.') + 1)));
        } catch (IOException e) {
            throw new IllegalStateException("a token that this server signed holds no JSON", e);
        }
    }

    private byte[] signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static String encoded(String text) {
        return TO_TEXT.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
