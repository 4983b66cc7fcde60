package dev.linnet.apiserver.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.apiserver.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens of ServiceAccounts: JSON Web Tokens (RFC 7519) that only this server can make and read. A token is good as long as
 * it has not expired and its ServiceAccount, the very same one, is there.
 */
public final class ServiceAccountTokens implements Authenticator {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
    private static final Duration LONGEST = Duration.ofDays(365);

    private final SecretKeySpec key;
    private final BiFunction<String, String, Optional<String>> uidOf;
    private final InstantSource clock;

    /**
     * @param secret of this server, the same after a restart
     * @param uidOf  the uid of a ServiceAccount, by namespace and name
     */
    public ServiceAccountTokens(
            byte[] secret, BiFunction<String, String, Optional<String>> uidOf, InstantSource clock) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
        this.uidOf = uidOf;
        this.clock = clock;
    }

    /** A new token and its end. */
    public record Issued(String token, Instant expires) {
        @Override
        public String toString() {
            return "Issued[***]";
        }
    }

    /** @param life cut to a year */
    public Issued issue(String namespace, String name, String uid, Duration life) {
        Instant now = clock.instant();
        Instant expires = now.plus(life.compareTo(LONGEST) > 0 ? LONGEST : life);
        ObjectNode claims = Json.object()
                .put("iss", ISSUER)
                .put("sub", "system:serviceaccount:" + namespace + ":" + name)
                .put("iat", now.getEpochSecond())
                .put("exp", expires.getEpochSecond());
        claims.putArray("aud").add(ISSUER);
        ObjectNode account = claims.putObject("kubernetes.io").put("namespace", namespace);
        account.putObject("serviceaccount").put("name", name).put("uid", uid);
        String signed = HEADER + "." + encoded(claims.toString());
        return new Issued(signed + "." + signature(signed), expires);
    }

    @Override
    public Optional<Caller> callerOf(String token) {
        int dot = token.lastIndexOf('.');
        if (dot < 0 || !token.startsWith(HEADER + ".") || !signedByUs(token, dot)) {
            return Optional.empty();
        }
        return caller(token.substring(HEADER.length() + 1, dot));
    }

    private boolean signedByUs(String token, int dot) {
        byte[] expected = signature(token.substring(0, dot)).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(expected, token.substring(dot + 1).getBytes(StandardCharsets.US_ASCII));
    }

    private Optional<Caller> caller(String encodedClaims) {
        JsonNode claims;
        try {
            claims = Json.read(Base64.getUrlDecoder().decode(encodedClaims));
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
        JsonNode own = claims.path("kubernetes.io");
        String namespace = own.path("namespace").asText();
        String name = own.path("serviceaccount").path("name").asText();
        String uid = own.path("serviceaccount").path("uid").asText();
        boolean valid = clock.instant().getEpochSecond() < claims.path("exp").asLong()
                && uidOf.apply(namespace, name).filter(uid::equals).isPresent();
        return valid
                ? Optional.of(new Caller(
                        "system:serviceaccount:" + namespace + ":" + name,
                        uid,
                        List.of(
                                "system:serviceaccounts",
                                "system:serviceaccounts:" + namespace,
                                "system:authenticated")))
                : Optional.empty();
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
