package dev.linnet.console.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A provider's public keys (RFC 7517), of the two kinds that providers sign with: RS256 and ES256 (RFC 7518 §3.3 and §3.4). */
final class Keys {
    private static final int SMALLEST_RSA = 2048;

    private final Map<String, Key> keys;

    private record Key(String algorithm, PublicKey key) {}

    private Keys(Map<String, Key> keys) {
        this.keys = keys;
    }

    /** Those that are of use; there may be others. */
    static Keys of(JsonNode jwks) throws OidcException {
        Map<String, Key> keys = new LinkedHashMap<>();
        for (JsonNode jwk : jwks.path("keys")) {
            String id = jwk.path("kid").asText();
            if (!jwk.path("use").asText("sig").equals("sig")) {
                continue;
            }
            try {
                if (jwk.path("kty").asText().equals("RSA")) {
                    keys.put(id, new Key("RS256", rsa(jwk)));
                } else if (jwk.path("crv").asText().equals("P-256")) {
                    keys.put(id, new Key("ES256", ec(jwk)));
                }
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new OidcException("the provider's key " + id + " is broken", e);
            }
        }
        return new Keys(keys);
    }

    private static PublicKey rsa(JsonNode jwk) throws GeneralSecurityException {
        BigInteger modulus = number(jwk, "n");
        if (modulus.bitLength() < SMALLEST_RSA) {
            throw new IllegalArgumentException(
                    "the key has " + modulus.bitLength() + " bits (expected: " + SMALLEST_RSA + " or more)");
        }
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, number(jwk, "e")));
    }

    private static PublicKey ec(JsonNode jwk) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(
                        new ECPoint(number(jwk, "x"), number(jwk, "y")),
                        curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode jwk, String field) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path(field).asText()));
    }

    boolean has(String id) {
        return keys.containsKey(id);
    }

    /**
     * Whether this key made this signature. The key says by which algorithm: a token that could choose could choose none.
     *
     * @param signed    header and claims, as they came
     * @param algorithm that the token names
     */
    boolean signed(String id, String algorithm, String signed, byte[] signature) {
        Key key = keys.get(id);
        if (key == null || !key.algorithm.equals(algorithm)) {
            return false;
        }
        try {
            Signature check =
                    Signature.getInstance(algorithm.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            check.initVerify(key.key);
            check.update(signed.getBytes(StandardCharsets.US_ASCII));
            return check.verify(signature);
        } catch (SignatureException _) {
            return false; // it does not even look like one
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
