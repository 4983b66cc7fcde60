package dev.linnet.apiserver.access;

import dev.linnet.apiserver.json.Json;
import dev.linnet.apiserver.json.Meta;
import dev.linnet.apiserver.store.ObjectKey;
import dev.linnet.apiserver.store.ObjectStore;
import dev.linnet.apiserver.store.StoredObject;
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
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens of ServiceAccounts: JSON Web Tokens (RFC 7519) that only this server can make and read. A token is good as long as it has not expired and
 * its ServiceAccount, and the Pod or Secret that it is bound to, the very same ones, are there.
 */
public final class ServiceAccountTokens implements Authenticator {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    /** As long after it was told to end, a Pod may still use its token to tidy up. Kubernetes' number. */
    private static final Duration LEEWAY = Duration.ofSeconds(60);

    private final SecretKeySpec key;
    private final ObjectStore store;
    private final InstantSource clock;

    /** @param secret of this server, the same after a restart */
    public ServiceAccountTokens(byte[] secret, ObjectStore store, InstantSource clock) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
        this.store = store;
        this.clock = clock;
    }

    /**
     * What a new token is to say.
     *
     * @param account whom it is for
     * @param bound   the Pod or Secret without which it is worth nothing, if there is one
     * @param node    where that Pod runs, if it does
     * @param audiences to whom it may be shown
     */
    public record Wish(
            StoredObject account,
            Optional<StoredObject> bound,
            Optional<StoredObject> node,
            List<String> audiences,
            Duration life) {}

    /** Makes a token. It is a secret. */
    public String issue(Wish wish) {
        Instant now = clock.instant();
        Claims claims = new Claims(
                UUID.randomUUID().toString(),
                now,
                now.plus(wish.life()),
                wish.audiences(),
                named(wish.account()),
                wish.account().key().namespace(),
                wish.bound().map(ServiceAccountTokens::bound),
                wish.node().map(ServiceAccountTokens::named));
        String signed = HEADER + "." + encoded(claims.json().toString());
        return signed + "." + signature(signed);
    }

    private static Claims.Named named(StoredObject object) {
        return new Claims.Named(object.key().name(), Meta.of(object.tree()).uid());
    }

    private static Claims.BoundObject bound(StoredObject object) {
        for (Claims.BoundObject.Kind kind : Claims.BoundObject.Kind.values()) {
            if (kind.resource.equals(object.key().resource())) {
                return new Claims.BoundObject(kind, named(object));
            }
        }
        throw new IllegalArgumentException("no token is bound to " + object.key());
    }

    @Override
    public Optional<Identity> identify(String token, List<String> audiences) {
        int dot = token.lastIndexOf('.');
        if (dot < 0 || !token.startsWith(HEADER + ".") || !signedByUs(token, dot)) {
            return Optional.empty();
        }
        Claims claims = claims(token.substring(HEADER.length() + 1, dot));
        List<String> meant =
                audiences.stream().filter(claims.audiences()::contains).toList();
        return meant.isEmpty() || !isGood(claims)
                ? Optional.empty()
                : Optional.of(new Identity(claims.caller(), meant));
    }

    private boolean signedByUs(String token, int dot) {
        byte[] expected = signature(token.substring(0, dot)).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(expected, token.substring(dot + 1).getBytes(StandardCharsets.US_ASCII));
    }

    private static Claims claims(String encoded) {
        try {
            return Claims.of(Json.read(Base64.getUrlDecoder().decode(encoded)));
        } catch (IOException e) {
            throw new IllegalStateException("a token that this server signed is no JSON", e);
        }
    }

    private boolean isGood(Claims claims) {
        return clock.instant().isBefore(claims.expires())
                && isThere("serviceaccounts", claims.namespace(), claims.account())
                && claims.bound()
                        .map(bound -> isThere(bound.kind().resource, claims.namespace(), bound.object()))
                        .orElse(true);
    }

    private boolean isThere(String resource, String namespace, Claims.Named object) {
        return store.get(new ObjectKey(resource, namespace, object.name()))
                .map(stored -> Meta.of(stored.tree()))
                .filter(meta -> meta.uid().equals(object.uid()) && !hasEnded(meta))
                .isPresent();
    }

    private boolean hasEnded(Meta meta) {
        return meta.terminating()
                && Instant.parse(meta.text("deletionTimestamp")).plus(LEEWAY).isBefore(clock.instant());
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
